#include "actors/gateway/fair_window.hpp"

#include <gtest/gtest.h>

namespace jindou::actors {

TEST(fair_window_test, leaves_a_lone_sender_the_whole_window) {
  fair_window x{1'000, 64};
  EXPECT_EQ(x.share(), 64U);
  x.enter();
  EXPECT_EQ(x.share(), 64U);
}

TEST(fair_window_test, gives_each_of_many_senders_its_part) {
  fair_window x{1'000, 64};
  for (auto i = 0; i < 100; ++i)
    x.enter();
  EXPECT_EQ(x.share(), 10U);
  for (auto i = 0; i < 90; ++i)
    x.leave();
  EXPECT_EQ(x.share(), 64U);
}

TEST(fair_window_test, never_gives_less_than_the_least) {
  fair_window x{1'000, 64};
  for (auto i = 0; i < 100'000; ++i)
    x.enter();
  EXPECT_EQ(x.share(), limits::session_window_min);
}

TEST(fair_window_test, never_gives_more_than_one_session_may_have) {
  fair_window x{1'000, 2};
  for (auto i = 0; i < 100'000; ++i)
    x.enter();
  EXPECT_EQ(x.share(), 2U);
}

TEST(fair_window_test, goes_by_other_bounds_from_now_on) {
  fair_window x{100, 50};
  for (auto i = 0; i < 10; ++i)
    x.enter();
  EXPECT_EQ(x.share(), 10U);
  x.change(200, 15);
  EXPECT_EQ(x.share(), 15U);
  x.change(1, 2);
  EXPECT_EQ(x.share(), 2U) << "never fewer than the least, nor than a session";
}

} // namespace jindou::actors
