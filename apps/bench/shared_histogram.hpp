#pragma once

#include "apps/bench/histogram.hpp"

#include <array>
#include <cstdint>
#include <mutex>

namespace jindou::bench {

/// A histogram that many threads add to: parts with a lock each, chosen by a
/// number that differs from caller to caller.
class shared_histogram {
public:
  void add(std::uint64_t who, std::uint64_t value) {
    auto& x = parts_[who % parts_.size()];
    std::lock_guard guard{x.mx};
    x.values.add(value);
  }

  /// Takes and forgets everything.
  histogram take() {
    histogram all;
    for (auto& x : parts_) {
      std::lock_guard guard{x.mx};
      all.merge(x.values);
      x.values.clear();
    }
    return all;
  }

private:
  struct part {
    std::mutex mx;
    histogram values;
  };

  std::array<part, 8> parts_;
};

} // namespace jindou::bench
