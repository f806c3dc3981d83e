#include "storage/sqlite.hpp"
#include "tests/support/store_driver.hpp"
#include "tests/support/temp_folder.hpp"

#include <gtest/gtest.h>

namespace jindou::storage {

namespace {

using texts = std::vector<std::string>;

class store_conflict_cut_test : public testing::Test {
protected:
  void SetUp() override {
    drv.open();
  }

  /// Positions of all rows, behind the back of the closed store.
  std::vector<std::int64_t> positions() {
    drv.store.reset();
    auto db = connection::open({.path = folder / "store.db"});
    EXPECT_TRUE(db);
    statement rows{*db, "SELECT pos FROM log ORDER BY pos"};
    std::vector<std::int64_t> res;
    for (;;) {
      auto more = rows.step();
      if (!more || !*more)
        return res;
      res.push_back(rows.integer(0));
    }
  }

  test::temp_folder folder;
  test::store_driver drv{folder.path()};
};

} // namespace

TEST_F(store_conflict_cut_test, replaces_a_suffix_in_one_transaction) {
  ASSERT_TRUE(drv.flush({drv.append(1, {"a", "b", "c"})}));
  ASSERT_TRUE(drv.flush({drv.replace(1, 3, {"B", "C", "D"})}));
  EXPECT_EQ(positions(), (std::vector<std::int64_t>{1, 4, 5, 6}));
  drv.open();
  EXPECT_EQ(drv.tail(1), (texts{"a", "B", "C", "D"}));
  EXPECT_EQ(restored_of(drv.start_of(1)).terms,
            (std::vector<raft::term_run>{{1, 1}, {2, 2}, {3, 3}}));
}

TEST_F(store_conflict_cut_test, spares_rows_of_others_between_the_suffix) {
  ASSERT_TRUE(drv.flush({drv.append(1, {"a"}), drv.append(2, {"x"}),
                         drv.append(1, {"b"}), drv.append(2, {"y"})}));
  ASSERT_TRUE(drv.flush({drv.replace(1, 2, {"A"})}));
  drv.open();
  EXPECT_EQ(drv.tail(1), texts{"A"});
  EXPECT_EQ(drv.tail(2), (texts{"x", "y"}));
  EXPECT_EQ(positions(), (std::vector<std::int64_t>{2, 4, 5}));
}

TEST_F(store_conflict_cut_test, cuts_what_the_same_flush_has_appended) {
  ASSERT_TRUE(drv.flush({drv.append(1, {"a"})}));
  auto first = drv.append(1, {"b", "c"});
  auto second = drv.replace(1, 3, {"B"});
  ASSERT_TRUE(drv.flush({first, second}));
  drv.open();
  EXPECT_EQ(drv.tail(1), (texts{"a", "B"}));
}

TEST_F(store_conflict_cut_test, cuts_a_tail_that_a_start_has_read) {
  ASSERT_TRUE(drv.flush({drv.append(1, {"a", "b"})}));
  drv.open();
  ASSERT_TRUE(drv.flush({drv.replace(1, 2, {"A"})}));
  drv.open();
  EXPECT_EQ(drv.tail(1), texts{"A"});
}

TEST_F(store_conflict_cut_test, cuts_everything_above_a_cut) {
  ASSERT_TRUE(drv.flush({drv.append(1, {"a", "b", "c"})}));
  ASSERT_TRUE(drv.flush_cut(drv.cut(1, 2)));
  ASSERT_TRUE(drv.flush({drv.replace(1, 3, {"B"})}));
  drv.open();
  EXPECT_EQ(drv.start_of(1).cut.applied, 2U);
  EXPECT_EQ(drv.tail(1), texts{"B"});
}

TEST_F(store_conflict_cut_test, gives_no_position_twice) {
  ASSERT_TRUE(drv.flush({drv.append(1, {"a", "b"})}));
  auto cut = drv.replace(1, 2, {});
  ASSERT_TRUE(drv.flush({cut}));
  auto done = drv.flush({drv.append(1, {"A"})});
  ASSERT_TRUE(done);
  EXPECT_EQ(done->results[0].placed[0].first, 3U);
}

TEST_F(store_conflict_cut_test, stops_a_cut_into_what_is_applied_and_kept) {
  ASSERT_TRUE(drv.flush({drv.append(1, {"a", "b"})}));
  ASSERT_TRUE(drv.flush_cut(drv.cut(1, 3)));
  EXPECT_DEATH(std::ignore = drv.flush({drv.replace(1, 3, {"B"})}),
               "invariant-broken");
}

} // namespace jindou::storage
