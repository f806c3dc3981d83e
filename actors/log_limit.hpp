#pragma once

#include <cstdint>
#include <optional>

namespace jindou::actors {

/// Lets one line of its kind pass per interval: strangers decide how often
/// something happens, but not how much is written about it. Pure.
class log_limit {
public:
  explicit log_limit(std::int64_t interval_ms) : interval_ms_(interval_ms) {
    // nop
  }

  /// Returns how many were kept back since the last line, or nothing if this
  /// one is to be kept back, too.
  std::optional<std::uint64_t> admit(std::int64_t now_ms) {
    if (next_ms_ && now_ms < *next_ms_) {
      ++kept_back_;
      return std::nullopt;
    }
    next_ms_ = now_ms + interval_ms_;
    auto n = kept_back_;
    kept_back_ = 0;
    return n;
  }

private:
  std::int64_t interval_ms_;
  std::optional<std::int64_t> next_ms_;
  std::uint64_t kept_back_ = 0;
};

} // namespace jindou::actors
