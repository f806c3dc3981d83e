#include "actors/rate_limit.hpp"

#include <gtest/gtest.h>

using namespace jindou::actors;

namespace {

constexpr std::int64_t start = 1'700'000'000'000;

} // namespace

TEST(rate_limit_test, lets_everything_pass_without_a_limit) {
  token_bucket x;
  EXPECT_EQ(x.take({}, 1'000'000, start), 1'000'000u);
}

TEST(rate_limit_test, gives_its_depth_at_once_and_then_the_rate) {
  token_bucket x;
  rate limit{10, 25};
  EXPECT_EQ(x.take(limit, 40, start), 25u);
  EXPECT_EQ(x.take(limit, 1, start + 99), 0u);
  EXPECT_EQ(x.take(limit, 5, start + 100), 1u);
  EXPECT_EQ(x.take(limit, 100, start + 1'100), 10u);
}

TEST(rate_limit_test, loses_no_part_of_a_token_to_rounding) {
  token_bucket x;
  rate limit{3, 1};
  std::size_t sum = 0;
  for (std::int64_t t = 0; t < 100'000; t += 7)
    sum += x.take(limit, 1, start + t);
  EXPECT_NEAR(static_cast<double>(sum), 300.0, 15.0);
  EXPECT_LE(sum, 301u) << "never more than the rate and one burst";
}

TEST(rate_limit_test, is_full_again_after_its_time_and_holds_no_more) {
  token_bucket x;
  rate limit{10, 0};
  x.take(limit, 10, start);
  EXPECT_FALSE(x.full(limit, start + 999));
  EXPECT_TRUE(x.full(limit, start + 1'000));
  EXPECT_EQ(x.take(limit, 100, start + 1'000'000'000'000), 10u);
}

TEST(rate_limit_test, gives_nothing_for_a_clock_that_steps_back) {
  token_bucket x;
  rate limit{10, 10};
  EXPECT_EQ(x.take(limit, 10, start), 10u);
  EXPECT_EQ(x.take(limit, 10, start - 5'000), 0u);
  EXPECT_EQ(x.take(limit, 10, start + 500), 5u);
}

TEST(rate_limit_test, lets_a_batch_pass_on_credit_and_waits_for_it) {
  token_bucket x;
  rate limit{10, 10};
  EXPECT_TRUE(x.admit(limit, 9, start));
  EXPECT_TRUE(x.admit(limit, 21, start)) << "one token was left";
  EXPECT_FALSE(x.admit(limit, 1, start + 2'000));
  EXPECT_TRUE(x.admit(limit, 1, start + 2'100));
}

TEST(rate_limit_test, owes_no_more_than_the_depth_of_a_stricter_rate) {
  token_bucket x;
  EXPECT_EQ(x.take({1'000, 1'000}, 1'000, start), 1'000u);
  EXPECT_EQ(x.take({1, 2}, 1, start), 0u) << "nothing is given for a change";
  EXPECT_EQ(x.take({1, 2}, 5, start + 1'000), 1u) << "not a quarter of an hour";
}

TEST(rate_limit_test, goes_by_another_rate_while_names_stay) {
  rate_table table{{0, 0}, 10};
  EXPECT_FALSE(table.limited());
  EXPECT_EQ(table.take("a", 100, start), 100u);
  table.change({2, 2});
  EXPECT_TRUE(table.limited());
  EXPECT_EQ(table.take("a", 100, start), 2u);
  table.change({});
  EXPECT_EQ(table.take("a", 100, start), 100u);
}

TEST(rate_limit_test, keeps_names_apart_and_their_number_bounded) {
  rate_table table{{1, 1}, 2};
  EXPECT_EQ(table.take("a", 1, start), 1u);
  EXPECT_EQ(table.take("a", 1, start), 0u);
  EXPECT_EQ(table.take("b", 1, start), 1u);
  // Nobody has a full bucket: newcomers share one.
  EXPECT_EQ(table.take("c", 1, start), 1u);
  EXPECT_EQ(table.take("d", 1, start), 0u);
  EXPECT_EQ(table.size(), 2u);
  // After a second all are full and may be forgotten.
  EXPECT_EQ(table.take("e", 1, start + 1'000), 1u);
  EXPECT_EQ(table.size(), 1u);
}
