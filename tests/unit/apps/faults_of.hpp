#pragma once

#include "apps/bench/figure.hpp"

#include <cstdint>
#include <string>

namespace jindou::bench::test {

/// How often a report says that something went wrong; the largest number if it
/// has no such fault.
inline std::uint64_t faults_of(const report& r, const std::string& name) {
  for (auto& [key, n] : r.faults)
    if (key == name)
      return n;
  return ~std::uint64_t{0};
}

} // namespace jindou::bench::test
