#include "messages/metrics.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <thread>
#include <vector>

namespace jindou {

namespace {

/// More threads than parts, so that some share one.
constexpr std::uint64_t threads = 2 * metric_shards + 1;
constexpr std::uint64_t rounds = 1'000;

template <class F>
void by_many_threads(F f) {
  std::vector<std::thread> all;
  for (std::uint64_t i = 0; i < threads; ++i)
    all.emplace_back([&] {
      for (std::uint64_t n = 0; n < rounds; ++n)
        f();
    });
  for (auto& x : all)
    x.join();
}

} // namespace

TEST(metrics_test, counts_what_many_threads_add) {
  metrics aut;
  by_many_threads([&] { aut.add(counter::sends, 3); });
  EXPECT_EQ(aut.value(counter::sends), 3 * threads * rounds);
}

TEST(metrics_test, sums_up_the_runs_of_a_handler_by_many_threads) {
  metrics stats;
  auto& aut = stats.handler(event_type::on_send, "decrypt");
  by_many_threads([&] { aut.add(3'000, 2, 1); });
  EXPECT_EQ(aut.events(), 2 * threads * rounds);
  EXPECT_EQ(aut.errors(), threads * rounds);
  EXPECT_EQ(aut.sum_ns(), 3'000 * threads * rounds);
  auto runs = aut.runs();
  EXPECT_EQ(runs[2], threads * rounds); // up to 4 us
  EXPECT_EQ(std::accumulate(runs.begin(), runs.end(), std::uint64_t{0}),
            threads * rounds);
}

TEST(metrics_test, puts_the_longest_runs_into_the_last_bucket) {
  metrics stats;
  auto& aut = stats.handler(event_type::on_send, "decrypt");
  aut.add(~std::uint64_t{0}, 1, 0);
  EXPECT_EQ(aut.runs().back(), 1u);
}

} // namespace jindou
