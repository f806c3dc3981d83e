#include "actors/gateway/bulk_line.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>

namespace jindou::actors {

using line = bulk_line<std::string>;

TEST(bulk_line_test, admits_as_much_as_there_is_room_for) {
  line x{100};
  EXPECT_EQ(x.admits(64), 64U);
  x.take(64);
  EXPECT_EQ(x.admits(64), 36U);
  EXPECT_EQ(x.admits(3), 3U);
  x.take(36);
  EXPECT_EQ(x.admits(1), 0U);
}

TEST(bulk_line_test, gives_no_crumbs_to_who_wants_much) {
  line x{100};
  x.take(90);
  EXPECT_EQ(x.admits(64), 0U);
  EXPECT_EQ(x.admits(10), 10U);
  EXPECT_FALSE(x.give(5)); // nobody waits
  EXPECT_EQ(x.admits(64), 0U);
  x.give(1);
  EXPECT_EQ(x.admits(64), 16U);
}

TEST(bulk_line_test, works_with_a_bound_below_a_batch) {
  line x{1};
  EXPECT_EQ(x.admits(64), 1U);
  x.take(1);
  EXPECT_TRUE(x.wait("a"));
  EXPECT_TRUE(x.give(1));
  EXPECT_EQ(x.next(), "a");
}

TEST(bulk_line_test, lets_them_go_on_in_their_order) {
  line x{16};
  x.take(16);
  EXPECT_TRUE(x.wait("a"));
  EXPECT_TRUE(x.wait("b"));
  EXPECT_EQ(x.next(), std::nullopt);
  EXPECT_TRUE(x.give(16));
  EXPECT_EQ(x.next(), "a");
  x.take(16);
  EXPECT_EQ(x.next(), std::nullopt);
  EXPECT_TRUE(x.give(16));
  EXPECT_EQ(x.next(), "b");
  EXPECT_EQ(x.next(), std::nullopt);
}

TEST(bulk_line_test, lets_nobody_wait_while_there_is_room) {
  line x{16};
  EXPECT_FALSE(x.wait("a"));
  EXPECT_EQ(x.next(), std::nullopt);
  EXPECT_FALSE(x.give(0));
}

TEST(bulk_line_test, keeps_who_comes_behind_others_in_its_place) {
  line x{16};
  x.take(16);
  EXPECT_TRUE(x.wait("a"));
  x.give(16);
  EXPECT_TRUE(x.wait("b")); // there is room, but for `a`
  EXPECT_EQ(x.next(), "a");
  EXPECT_EQ(x.next(), "b");
}

TEST(bulk_line_test, lets_nobody_pass_those_who_wait) {
  line x{64};
  x.take(64);
  EXPECT_TRUE(x.wait("a"));
  EXPECT_TRUE(x.give(64));
  EXPECT_EQ(x.admits(4), 0U);
  EXPECT_EQ(x.next(), "a");
  EXPECT_EQ(x.admits(40, true), 40U);
  x.take(40);
  EXPECT_EQ(x.admits(40), 24U);
}

TEST(bulk_line_test, goes_by_another_bound_when_told_to) {
  line x{16};
  x.take(16);
  EXPECT_TRUE(x.wait("a"));
  x.change(200);
  EXPECT_EQ(x.next(), "a");
  x.change(8); // less than is under way
  EXPECT_EQ(x.admits(64), 0U);
  x.give(9);
  EXPECT_EQ(x.admits(64), 0U);
  x.give(7);
  EXPECT_EQ(x.admits(64), 8U);
}

// An answer may come at any moment of `wait`: either `wait` sees the room or
// `give` sees who waits.
TEST(bulk_line_test, loses_no_wake_up_between_two_threads) {
  line x{1};
  std::atomic<int> told{0};
  std::atomic<int> round{0};
  constexpr int rounds = 20'000;
  std::thread user{[&] {
    for (int i = 1; i <= rounds; ++i) {
      while (round.load() < i)
        continue;
      told = x.give(1) ? i : -i;
    }
  }};
  for (int i = 1; i <= rounds; ++i) {
    x.take(1);
    round = i;
    auto waits = x.wait("a");
    while (told.load() != i && told.load() != -i)
      continue;
    if (waits) {
      ASSERT_TRUE(told.load() == i || x.next()) << "round " << i;
      if (told.load() == i)
        ASSERT_EQ(x.next(), "a");
      else
        FAIL() << "nobody would have woken it, round " << i;
    }
  }
  user.join();
}

} // namespace jindou::actors
