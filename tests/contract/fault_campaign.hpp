#pragma once

#include "tests/contract/group_store.hpp"
#include "tests/support/sim_vfs.hpp"

namespace jindou::test {

/// A store whose disk refuses one call: it must stop at that call with the
/// right fault, acknowledge nothing that it could not keep, and know after a
/// restart what it will still know when the power goes. Complains through
/// gtest.
class fault_campaign {
public:
  struct order {
    file_kind kind = file_kind::wal;
    disk_op op = disk_op::sync;
    std::uint64_t nth = 1;
  };

  explicit fault_campaign(std::uint64_t seed);

  /// Fills a new store, breaks one call, looks. Returns whether the call came
  /// before the store had written enough.
  bool run(order what);

private:
  bool write_until_it_fails(storage::fault expected);
  void restart();

  std::mt19937_64 random_;
  sim_disk disk_;
  sim_vfs_ptr vfs_ = register_vfs(disk_);
  temp_folder folder_;
  storage::store_options options_;
  group_life life_;
  group_life after_;
};

} // namespace jindou::test
