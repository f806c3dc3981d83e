#include "apps/bench/pairs.hpp"
#include "tests/unit/apps/fake_server.hpp"
#include "tests/unit/apps/faults_of.hpp"

#include <gtest/gtest.h>

#include <algorithm>

using namespace jindou;
using namespace jindou::bench;

namespace {

class pairs_test : public testing::Test {
protected:
  pairs_test() : server(kit) {
    options.server = server.address();
    options.pairs = 3;
    options.when.warmup = std::chrono::milliseconds{10};
    options.when.duration = std::chrono::milliseconds{50};
    options.when.runs = 2;
    options.when.drain_max = std::chrono::milliseconds{500};
  }

  report run() {
    std::string fault;
    auto r = run_pairs(kit, options, fault);
    EXPECT_EQ(fault, "");
    return r;
  }

  client::thread_kit kit;
  test::fake_server server;
  pairs_options options;
};

} // namespace

TEST_F(pairs_test, a_good_server_has_no_faults_and_one_figure_per_run) {
  for (auto window : {1u, 16u}) {
    options.window = window;
    auto r = run();
    EXPECT_TRUE(r.sound());
    auto& rate = r.at("pairs.window_" + std::to_string(window) + ".delivered",
                      "messages/s");
    ASSERT_EQ(rate.runs.size(), 2u);
    EXPECT_GT(rate.min(), 0);
  }
}

TEST_F(pairs_test, an_open_loop_sends_at_its_rate) {
  options.rate = 2'000;
  options.when.duration = std::chrono::milliseconds{500};
  auto r = run();
  EXPECT_TRUE(r.sound());
  auto rate = r.at("pairs.rate_2000.delivered", "messages/s").median();
  EXPECT_NEAR(rate, 2'000, 400);
}

TEST_F(pairs_test, sees_lost_messages) {
  server.planted.lose_every = 5;
  auto r = run();
  EXPECT_GT(test::faults_of(r, "lost"), 0u);
  EXPECT_GT(test::faults_of(r, "seq_gaps"), 0u);
}

TEST_F(pairs_test, sees_doubled_messages) {
  server.planted.double_every = 5;
  auto r = run();
  EXPECT_GT(test::faults_of(r, "late_or_doubled"), 0u);
  EXPECT_EQ(test::faults_of(r, "lost"), 0u);
}

TEST_F(pairs_test, sees_damaged_messages) {
  server.planted.damage_every = 5;
  EXPECT_GT(test::faults_of(run(), "damaged"), 0u);
}

TEST_F(pairs_test, counts_refused_messages_as_refused_and_not_as_lost) {
  server.planted.refuse_every = 5;
  auto r = run();
  EXPECT_GT(test::faults_of(r, "refused"), 0u);
  EXPECT_EQ(test::faults_of(r, "lost"), 0u);
  EXPECT_EQ(test::faults_of(r, "late_or_doubled"), 0u);
}
