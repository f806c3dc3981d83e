#include "tests/contract/fault_campaign.hpp"
#include "tests/contract/power_campaign.hpp"

namespace jindou::test {

namespace {

class store_fsync_fault_test : public testing::Test {
protected:
  /// Breaks the first, second ... call of a kind, each in a store of its own.
  void break_each(file_kind kind, disk_op op, std::uint64_t step,
                  std::uint64_t times) {
    auto seed = number_of("JINDOU_SEED", std::random_device{}());
    SCOPED_TRACE("JINDOU_SEED=" + std::to_string(seed));
    std::uint64_t met = 0;
    for (std::uint64_t i = 0; i < times; ++i) {
      auto nth = 1 + i * step;
      SCOPED_TRACE("call " + std::to_string(nth));
      fault_campaign aut{seed + i};
      met += aut.run({kind, op, nth}) ? 1 : 0;
      ASSERT_FALSE(HasFailure());
    }
    EXPECT_GT(met, times / 2);
  }
};

} // namespace

TEST_F(store_fsync_fault_test, stops_when_a_sync_of_the_log_fails) {
  break_each(file_kind::wal, disk_op::sync, 1, 20);
}

TEST_F(store_fsync_fault_test, stops_when_a_sync_of_the_main_file_fails) {
  break_each(file_kind::main, disk_op::sync, 1, 12);
}

TEST_F(store_fsync_fault_test, stops_when_a_write_of_the_log_fails) {
  break_each(file_kind::wal, disk_op::write, 7, 20);
}

TEST_F(store_fsync_fault_test, stops_when_a_write_of_the_main_file_fails) {
  break_each(file_kind::main, disk_op::write, 7, 12);
}

TEST_F(store_fsync_fault_test, stops_when_a_read_of_the_main_file_fails) {
  break_each(file_kind::main, disk_op::read, 3, 12);
}

TEST_F(store_fsync_fault_test, stops_when_a_read_of_the_log_fails) {
  break_each(file_kind::wal, disk_op::read, 7, 12);
}

} // namespace jindou::test
