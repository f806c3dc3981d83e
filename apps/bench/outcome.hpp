#pragma once

#include "apps/bench/figure.hpp"

#include <string>

namespace jindou::bench {

/// Say on standard error why there is nothing to print. Return the exit code.
int failed(const std::string& why);
int wrong_use(const std::string& why);

/// Prints a report, or the fault. Returns the exit code: ok only for a sound
/// report.
int print(const report& r, const std::string& fault, bool json);

} // namespace jindou::bench
