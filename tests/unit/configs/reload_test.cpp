#include "configs/option_table.hpp"
#include "configs/reload.hpp"

#include <gtest/gtest.h>

using namespace jindou::configs;

TEST(reload_test, finds_nothing_where_nothing_differs) {
  EXPECT_TRUE(changes({}, {}).empty());
}

TEST(reload_test, tells_what_is_taken_over_from_what_needs_a_start) {
  options fresh;
  fresh.rates.user_per_second = 20;
  fresh.log_levels.storage = "debug";
  fresh.storage.readers = 7;
  auto found = changes({}, fresh);
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].name, "rates.user-per-second");
  EXPECT_EQ(found[0].before, "0");
  EXPECT_EQ(found[0].after, "20");
  EXPECT_TRUE(found[0].live);
  EXPECT_EQ(found[1].name, "storage.readers");
  EXPECT_FALSE(found[1].live);
  EXPECT_EQ(found[2].name, "log.levels.storage");
  EXPECT_TRUE(found[2].live);
}

TEST(reload_test, takes_over_live_options_alone) {
  options running;
  running.node.data_dir = "here";
  options fresh;
  fresh.log_levels.node = "off";
  fresh.log.level = "warn";
  fresh.gateway.io_threads = 4;
  auto res = taken_over(running, fresh);
  EXPECT_EQ(res.log_levels.node, "off");
  EXPECT_EQ(res.log.level, "warn");
  EXPECT_EQ(res.gateway.io_threads, options{}.gateway.io_threads);
  EXPECT_EQ(res.node.data_dir, "here");
}
