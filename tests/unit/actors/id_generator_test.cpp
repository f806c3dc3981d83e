#include "actors/id_generator.hpp"

#include <gtest/gtest.h>

#include <set>

using namespace jindou;
using namespace jindou::actors;

TEST(id_generator_test, puts_time_node_and_counter_where_v2_has_them) {
  id_generator aut{5, 0};
  auto ms = id_generator::epoch_ms + 1'000;
  auto id = aut.next(ms);
  EXPECT_EQ(id >> 22, 1'000u);
  EXPECT_EQ(id >> 12 & 0x3ff, 5u);
  EXPECT_EQ(id & 0xfff, 0u);
  EXPECT_EQ(id_generator::milliseconds_of(id), ms);
  EXPECT_EQ(aut.next(ms) & 0xfff, 1u);
}

TEST(id_generator_test, rises_when_the_clock_steps_back) {
  id_generator aut{1, 0};
  auto ms = id_generator::epoch_ms + 5'000;
  auto last = aut.next(ms);
  for (int i = 0; i < 10'000; ++i) {
    auto id = aut.next(ms - 3'000);
    ASSERT_GT(id, last);
    last = id;
  }
}

TEST(id_generator_test, runs_into_the_next_millisecond_when_one_is_used_up) {
  id_generator aut{1, 0};
  auto ms = id_generator::epoch_ms + 1;
  std::set<message_id> seen;
  for (int i = 0; i < 10'000; ++i)
    ASSERT_TRUE(seen.insert(aut.next(ms)).second);
  EXPECT_EQ(*seen.rbegin() >> 22, 3u);
}

TEST(id_generator_test, starts_above_what_a_former_run_may_have_given) {
  auto floor = id_generator::epoch_ms + 9'000;
  id_generator aut{1, floor};
  EXPECT_GT(id_generator::milliseconds_of(aut.next(floor - 5'000)), floor);
}
