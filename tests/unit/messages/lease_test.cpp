#include "messages/lease.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace jindou {

using door = lease::door;

TEST(lease_test, lets_in_up_to_its_limit) {
  lease x;
  EXPECT_EQ(x.enter(2, 3), door::open);
  EXPECT_EQ(x.enter(2, 3), door::full);
  EXPECT_EQ(x.depth(), 2);
  EXPECT_EQ(x.enter(1, 3), door::open);
  EXPECT_EQ(x.enter(1, 3), door::full);
  x.leave(3);
  EXPECT_EQ(x.depth(), 0);
}

TEST(lease_test, lets_a_batch_in_alone_even_if_it_is_above_the_limit) {
  lease x;
  EXPECT_EQ(x.enter(100, 3), door::open);
  EXPECT_EQ(x.enter(1, 3), door::full);
}

TEST(lease_test, never_refuses_what_takes_no_place) {
  lease x;
  EXPECT_EQ(x.enter(0, 3), door::open);
  ASSERT_EQ(x.enter(100, 3), door::open);
  EXPECT_EQ(x.enter(0, 3), door::open);
  EXPECT_EQ(x.depth(), 100);
}

TEST(lease_test, retires_only_when_nobody_holds_a_place) {
  lease x;
  ASSERT_EQ(x.enter(1, 3), door::open);
  EXPECT_FALSE(x.retire());
  EXPECT_FALSE(x.closed());
  x.leave(1);
  EXPECT_TRUE(x.retire());
  EXPECT_TRUE(x.closed());
  EXPECT_FALSE(x.retire());
}

TEST(lease_test, lets_nobody_in_once_it_is_closed) {
  lease retired;
  ASSERT_TRUE(retired.retire());
  EXPECT_EQ(retired.enter(1, 3), door::closed);
  lease shut;
  ASSERT_EQ(shut.enter(2, 3), door::open);
  shut.shut();
  EXPECT_EQ(shut.enter(1, 3), door::closed);
  EXPECT_EQ(shut.depth(), 0);
}

TEST(lease_test, stays_closed_while_places_are_given_back) {
  lease x;
  ASSERT_EQ(x.enter(3, 3), door::open);
  x.shut();
  x.shut(); // a second time changes nothing
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(x.closed());
    x.leave(1);
  }
  EXPECT_TRUE(x.closed());
  EXPECT_EQ(x.enter(1, 3), door::closed);
}

TEST(lease_test, never_retires_under_somebody_who_came_in) {
  constexpr int threads = 3;
  constexpr int rounds = 1'000;
  for (int round = 0; round < rounds; ++round) {
    lease x;
    std::atomic<int> inside{0};
    std::atomic<int> violations{0};
    std::vector<std::thread> visitors;
    for (int i = 0; i < threads; ++i)
      visitors.emplace_back([&] {
        while (x.enter(1, 10) == door::open) {
          ++inside;
          if (x.closed())
            ++violations;
          --inside;
          x.leave(1);
          std::this_thread::yield(); // or nobody ever finds it empty
        }
      });
    while (!x.retire())
      std::this_thread::yield();
    EXPECT_EQ(inside.load(), 0);
    for (auto& t : visitors)
      t.join();
    ASSERT_EQ(violations.load(), 0) << "round " << round;
  }
}

TEST(lease_test, never_lets_in_more_than_its_limit_from_many_threads) {
  constexpr int threads = 4;
  constexpr std::int64_t limit = 3;
  lease x;
  std::atomic<std::int64_t> inside{0};
  std::atomic<std::int64_t> most{0};
  std::vector<std::thread> visitors;
  for (int i = 0; i < threads; ++i)
    visitors.emplace_back([&] {
      for (int n = 0; n < 20'000; ++n)
        if (x.enter(1, limit) == door::open) {
          auto now = ++inside;
          auto seen = most.load();
          while (now > seen && !most.compare_exchange_weak(seen, now))
            ;
          --inside;
          x.leave(1);
        }
    });
  for (auto& t : visitors)
    t.join();
  EXPECT_LE(most.load(), limit);
  EXPECT_EQ(x.depth(), 0);
}

} // namespace jindou
