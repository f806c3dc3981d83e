#pragma once

#include <cstdint>

namespace jindou::storage {

/// How much of the disk belongs to bad days. Units: bytes.
struct room_limits {
  /// With less than this free nothing new is taken; 0 = only when a write has
  /// found no room.
  std::uint64_t free_min = 0;
  /// Held back in a file of its own.
  std::uint64_t reserve = 0;
};

/// Says whether the store may take anything new, from what is free on its
/// disk: acts before a write must fail, and returns with a distance, so that
/// the answer does not flicker.
class disk_room {
public:
  explicit disk_room(room_limits limits) : limits_(limits) {
    // nop
  }

  /// Nothing new may be taken.
  bool low() const {
    return low_;
  }

  /// A write found no room.
  void refused() {
    low_ = true;
  }

  /// Hears what is free. Returns true when there is room again: time to make
  /// the reserve whole and call `leave`.
  bool measured(std::uint64_t free);

  void leave() {
    low_ = false;
  }

  /// What of the reserve stays when a running node frees it: the next start
  /// may need a little, too.
  std::uint64_t kept_reserve() const {
    return limits_.reserve / 2;
  }

  const room_limits& limits() const {
    return limits_;
  }

private:
  room_limits limits_;
  bool low_ = false;
};

} // namespace jindou::storage
