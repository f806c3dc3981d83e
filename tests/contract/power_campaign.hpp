#pragma once

#include "tests/contract/group_store.hpp"
#include "tests/support/sim_vfs.hpp"

namespace jindou::test {

/// The value of an environment variable, or what it is without one.
std::uint64_t number_of(const char* variable, std::uint64_t otherwise);

/// One life of a store on a disk whose power is cut again and again: in
/// flushes, checkpoints, folds, while the store is made and while it recovers.
/// Depends on its seed alone; complains through gtest.
class power_campaign {
public:
  explicit power_campaign(std::uint64_t seed);

  /// Cuts the power a few times and looks after each.
  void run(int cuts);

  sim_disk& disk() {
    return disk_;
  }

  /// What happened, over all campaigns of a process.
  struct tally {
    std::size_t acknowledged = 0;
    std::size_t cuts = 0;
    std::size_t while_opening = 0;
    /// Flushes that were never acknowledged and are there all the same.
    std::size_t kept = 0;
  };

  const tally& counted() const {
    return tally_;
  }

private:
  void live_until_cut();
  void flush_until_cut(group_store& store);
  void recover();
  void look();

  std::mt19937_64 random_;
  sim_disk disk_;
  sim_vfs_ptr vfs_ = register_vfs(disk_);
  temp_folder folder_;
  storage::store_options options_;
  group_life life_;
  group_life after_; // with the flush that was under way
  tally tally_;
};

} // namespace jindou::test
