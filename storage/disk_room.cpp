#include "storage/disk_room.hpp"

namespace jindou::storage {

namespace {

/// Enough for a few flushes, where no bound is set.
constexpr std::uint64_t least_room = 1 << 20;

} // namespace

bool disk_room::measured(std::uint64_t free) {
  if (!low_) {
    low_ = free < limits_.free_min;
    return false;
  }
  auto wanted = limits_.free_min + limits_.free_min / 10 + limits_.reserve;
  return free >= wanted + least_room;
}

} // namespace jindou::storage
