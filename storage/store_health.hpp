#pragma once

#include "messages/ids.hpp"
#include "messages/limits.hpp"

#include <array>
#include <atomic>
#include <cstdint>

namespace jindou::storage {

/// What the log writer shows of the store. Read by any thread.
class store_health {
public:
  /// Nothing new may be taken: too little of the disk is free.
  std::atomic<bool> no_room{false};
  std::atomic<std::uint64_t> free_bytes{0};

  bool damaged(group_id group) const {
    return group < groups_.size() && groups_[group];
  }

  /// A damaged group stays so as long as the process lives.
  void set_damaged(group_id group) {
    if (group < groups_.size())
      groups_[group] = true;
  }

private:
  std::array<std::atomic<bool>, limits::slots + 1> groups_{};
};

} // namespace jindou::storage
