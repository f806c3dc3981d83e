#pragma once

#include "apps/bench/accounts.hpp"
#include "apps/bench/conductor.hpp"
#include "apps/bench/figure.hpp"

#include <cstddef>
#include <string>

namespace jindou::bench {

struct fanout_options {
  client::endpoint server;
  http_access http;
  plan when;
  std::size_t receivers = 1'000;
  std::size_t payload_bytes = 128;
  /// Messages under way until the last receiver has them.
  unsigned window = 1;
  std::string uid_prefix = "fan";
};

/// Measures one sender and a group of online receivers: deliveries per second,
/// and the time from SEND until the last receiver of a message has it.
/// Errors: says in `fault` why there is no figure.
report run_fanout(const fanout_options& options, std::string& fault);

} // namespace jindou::bench
