#include "storage/sqlite.hpp"
#include "tests/support/store_driver.hpp"
#include "tests/support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace jindou::storage {

namespace {

using texts = std::vector<std::string>;

class store_corrupt_test : public testing::Test {
protected:
  void SetUp() override {
    drv.open();
    ASSERT_TRUE(drv.flush(
      {drv.append(1, {"a", "b"}), drv.append(2, {"x"}), drv.append(1, {"c"})}));
    drv.store.reset();
  }

  /// Changes the closed store behind its back.
  void run(const std::string& sql) {
    auto db = connection::open({.path = folder / "store.db"});
    ASSERT_TRUE(db);
    auto done = db->run(sql);
    ASSERT_TRUE(done) << done.error().context;
  }

  byte_vector row(position pos) {
    auto db = connection::open({.path = folder / "store.db"});
    EXPECT_TRUE(db);
    statement query{*db, "SELECT rec FROM log WHERE pos = ?"};
    EXPECT_TRUE(query.bind(pos).step());
    auto bytes = query.blob(0);
    return {bytes.begin(), bytes.end()};
  }

  void put(position pos, const byte_vector& rec) {
    auto db = connection::open({.path = folder / "store.db"});
    ASSERT_TRUE(db);
    statement update{*db, "UPDATE log SET rec = ? WHERE pos = ?"};
    ASSERT_TRUE(update.bind(byte_span{rec}, pos).run());
  }

  std::size_t healthy() const {
    std::size_t res = 0;
    for (auto& x : drv.report.replicas)
      res += x.healthy() ? 1 : 0;
    return res;
  }

  test::temp_folder folder;
  test::store_driver drv{folder.path()};
};

} // namespace

TEST_F(store_corrupt_test, quarantines_one_replica_for_any_flipped_byte) {
  auto good = row(2);
  // Every byte costs an open; the head, the lengths and both ends do.
  for (auto at :
       {std::size_t{0}, std::size_t{1}, std::size_t{4}, std::size_t{8},
        std::size_t{12}, std::size_t{16}, std::size_t{24}, std::size_t{32},
        std::size_t{40}, std::size_t{64}, good.size() - 1}) {
    auto bad = good;
    bad[at] ^= std::byte{0x40};
    put(2, bad);
    run("UPDATE replica SET state = 1");
    drv.open();
    EXPECT_FALSE(drv.start_of(1).healthy()) << at;
    EXPECT_TRUE(drv.start_of(2).healthy()) << at;
    EXPECT_EQ(healthy(), 32U) << at;
    EXPECT_EQ(drv.tail(2), texts{"x"});
    drv.store.reset();
  }
}

TEST_F(store_corrupt_test, knows_whose_row_it_is_when_only_the_rep_is_wrong) {
  auto bad = row(2);
  record::stamp_rep(bad, 20);
  put(2, bad);
  drv.open();
  EXPECT_FALSE(drv.start_of(1).healthy());
  EXPECT_EQ(healthy(), 32U);
}

TEST_F(store_corrupt_test, quarantines_a_replica_whose_row_is_missing) {
  run("DELETE FROM log WHERE pos = 2");
  drv.open();
  EXPECT_FALSE(drv.start_of(1).healthy());
  EXPECT_EQ(drv.start_of(1).row.state, replica_state::quarantined);
  EXPECT_EQ(healthy(), 32U);
}

TEST_F(store_corrupt_test, stays_in_quarantine_at_the_next_start) {
  auto good = row(2);
  auto bad = good;
  bad[50] ^= std::byte{1};
  put(2, bad);
  drv.open();
  drv.store.reset();
  put(2, good);
  drv.open();
  EXPECT_FALSE(drv.start_of(1).healthy());
  EXPECT_EQ(healthy(), 32U);
}

TEST_F(store_corrupt_test, refuses_a_store_with_a_row_that_nobody_owns) {
  put(2, byte_vector(100, std::byte{0x55}));
  start_report report;
  auto res = log_store::open(drv.options, report);
  ASSERT_FALSE(res);
  EXPECT_EQ(res.error().what, fault::corrupt);
}

TEST_F(store_corrupt_test, never_truncates_a_damaged_tail) {
  auto bad = row(4);
  bad[70] ^= std::byte{1};
  put(4, bad);
  drv.open();
  EXPECT_FALSE(drv.start_of(1).healthy());
  EXPECT_EQ(drv.report.next_position, 5U);
  drv.store.reset();
  EXPECT_EQ(row(4), bad);
}

TEST_F(store_corrupt_test, quarantines_a_replica_with_a_damaged_cut_row) {
  run("UPDATE cut SET members = x'07' WHERE rep = 3");
  run("DELETE FROM cut WHERE rep = 4");
  run("UPDATE replica SET first_members = x'' WHERE rep = 5");
  drv.open();
  EXPECT_FALSE(drv.start_of(2).healthy());
  EXPECT_FALSE(drv.start_of(3).healthy());
  EXPECT_FALSE(drv.start_of(4).healthy());
  EXPECT_EQ(healthy(), 30U);
}

TEST_F(store_corrupt_test, finds_damaged_pages_of_the_log) {
  run("PRAGMA wal_checkpoint(TRUNCATE)");
  std::fstream file{folder / "store.db",
                    std::ios::in | std::ios::out | std::ios::binary};
  std::string bytes{std::istreambuf_iterator<char>{file}, {}};
  auto rec = row(4);
  auto at = bytes.find(std::string{as_text(byte_span{rec})});
  ASSERT_NE(at, std::string::npos);
  auto page = at / 8'192 * 8'192;
  file.clear();
  file.seekp(static_cast<std::streamoff>(page));
  file << std::string(8'192, '\x5a');
  file.close();
  start_report report;
  auto res = log_store::open(drv.options, report);
  ASSERT_FALSE(res);
  EXPECT_EQ(res.error().what, fault::corrupt);
}

} // namespace jindou::storage
