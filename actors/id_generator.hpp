#pragma once

#include "messages/ids.hpp"

#include <atomic>
#include <cstdint>

namespace jindou::actors {

/// Makes message ids: 41 bits of milliseconds since 1288834974657, 10 bits
/// node, 12 bits counter. Rises with every call whatever the clock does; one
/// per node, shared by all channels.
class id_generator {
public:
  static constexpr std::int64_t epoch_ms = 1'288'834'974'657;

  /// Starts above every id made at or before `floor_ms`.
  id_generator(node_id node, std::int64_t floor_ms)
      : node_(node & 0x3ff), last_(floor_of(floor_ms)) {
    // nop
  }

  /// Returns an id above all before; `now_ms` is a wall clock.
  message_id next(std::int64_t now_ms) {
    auto least = floor_of(now_ms - 1) + 1;
    auto v = last_.load(std::memory_order_relaxed);
    std::uint64_t want = 0;
    do {
      want = v + 1 > least ? v + 1 : least;
    } while (!last_.compare_exchange_weak(v, want));
    return (want >> 12) << 22 | static_cast<std::uint64_t>(node_) << 12
           | (want & 0xfff);
  }

  /// Milliseconds since 1970 at which `id` was made.
  static std::int64_t milliseconds_of(message_id id) {
    return static_cast<std::int64_t>(id >> 22) + epoch_ms;
  }

private:
  /// Milliseconds and counter in one word: the last value of `ms`.
  static std::uint64_t floor_of(std::int64_t ms) {
    auto since = ms - epoch_ms;
    return since < 0 ? 0 : static_cast<std::uint64_t>(since) << 12 | 0xfff;
  }

  node_id node_;
  std::atomic<std::uint64_t> last_;
};

} // namespace jindou::actors
