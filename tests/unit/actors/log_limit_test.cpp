#include "actors/log_limit.hpp"

#include <gtest/gtest.h>

namespace jindou::actors {

TEST(log_limit_test, lets_the_first_line_pass) {
  log_limit limit{1'000};
  EXPECT_EQ(limit.admit(0), 0U);
}

TEST(log_limit_test, keeps_lines_back_until_the_interval_is_over) {
  log_limit limit{1'000};
  limit.admit(5'000);
  EXPECT_FALSE(limit.admit(5'000));
  EXPECT_FALSE(limit.admit(5'999));
  EXPECT_EQ(limit.admit(6'000), 2U);
  EXPECT_FALSE(limit.admit(6'001));
}

TEST(log_limit_test, counts_anew_after_every_line) {
  log_limit limit{10};
  limit.admit(0);
  limit.admit(1);
  EXPECT_EQ(limit.admit(10), 1U);
  EXPECT_EQ(limit.admit(20), 0U);
}

} // namespace jindou::actors
