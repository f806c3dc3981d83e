#pragma once

#include "messages/metrics.hpp"

#include <string>

namespace jindou::actors::http {

/// Writes all counters, handler durations, gauges and what the kernel says of
/// this process in the text form of Prometheus.
std::string metrics_page(const metrics& from);

} // namespace jindou::actors::http
