#include "apps/bench/histogram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

using jindou::bench::histogram;

TEST(histogram_test, an_empty_one_answers_zero) {
  histogram h;
  EXPECT_EQ(h.count(), 0u);
  EXPECT_EQ(h.min(), 0u);
  EXPECT_EQ(h.max(), 0u);
  EXPECT_EQ(h.quantile(0.5), 0u);
  EXPECT_EQ(h.mean(), 0.0);
}

TEST(histogram_test, small_values_are_exact) {
  histogram h;
  for (std::uint64_t i = 1; i <= 200; ++i)
    h.add(i);
  EXPECT_EQ(h.quantile(0.0), 1u);
  EXPECT_EQ(h.quantile(0.5), 100u);
  EXPECT_EQ(h.quantile(0.99), 198u);
  EXPECT_EQ(h.quantile(1.0), 200u);
  EXPECT_DOUBLE_EQ(h.mean(), 100.5);
}

TEST(histogram_test, a_quantile_is_at_most_one_128th_too_high) {
  constexpr unsigned seed = 20'240'611;
  SCOPED_TRACE(seed);
  std::mt19937_64 random{seed};
  std::lognormal_distribution<double> times{13, 3}; // 0.4 ms, long tail
  histogram h;
  std::vector<std::uint64_t> all;
  for (int i = 0; i < 100'000; ++i) {
    all.push_back(static_cast<std::uint64_t>(times(random)));
    h.add(all.back());
  }
  std::sort(all.begin(), all.end());
  for (auto q : {0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 1.0}) {
    auto rank = static_cast<std::size_t>(q * 100'000) - 1;
    auto truth = all[rank];
    EXPECT_GE(h.quantile(q), truth) << q;
    EXPECT_LE(h.quantile(q), truth + truth / 128 + 1) << q;
  }
  EXPECT_EQ(h.min(), all.front());
  EXPECT_EQ(h.max(), all.back());
}

TEST(histogram_test, every_bucket_border_falls_into_its_own_bucket) {
  for (unsigned power = 8; power < 42; ++power)
    for (auto off : {-1, 0, 1}) {
      histogram h;
      auto x = (std::uint64_t{1} << power) + static_cast<std::uint64_t>(off);
      h.add(x);
      EXPECT_EQ(h.quantile(0.5), x); // clamped to the one value there is
      h.add(histogram::value_max);
      EXPECT_GE(h.quantile(0.5), x);
      EXPECT_LE(h.quantile(0.5), x + x / 128);
    }
}

TEST(histogram_test, counts_what_is_too_large_as_the_largest) {
  histogram h;
  h.add(~std::uint64_t{0});
  EXPECT_EQ(h.max(), histogram::value_max);
  EXPECT_EQ(h.quantile(1.0), histogram::value_max);
}

TEST(histogram_test, merging_two_equals_adding_to_one) {
  histogram a, b, both;
  for (std::uint64_t i = 0; i < 1'000; ++i) {
    (i % 3 == 0 ? a : b).add(i * i * i);
    both.add(i * i * i);
  }
  a.merge(b);
  EXPECT_EQ(a.count(), both.count());
  EXPECT_EQ(a.max(), both.max());
  EXPECT_DOUBLE_EQ(a.mean(), both.mean());
  for (auto q : {0.1, 0.5, 0.99})
    EXPECT_EQ(a.quantile(q), both.quantile(q));
}
