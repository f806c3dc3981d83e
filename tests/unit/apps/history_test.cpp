#include "apps/bench/history.hpp"
#include "tests/unit/apps/fake_api.hpp"
#include "tests/unit/apps/faults_of.hpp"

#include <gtest/gtest.h>

using namespace jindou;
using namespace jindou::bench;

namespace {

class history_test : public testing::Test {
protected:
  history_test() {
    options.http.server = api.address();
    options.http.address = "127.0.0.1";
    options.channels = 5;
    options.messages = 30;
    options.when.warmup = std::chrono::milliseconds{10};
    options.when.duration = std::chrono::milliseconds{50};
    options.when.runs = 2;
    options.when.drain_max = std::chrono::milliseconds{2'000};
  }

  report run(std::string& fault) {
    return run_history(kit, options, fault);
  }

  report run() {
    std::string fault;
    auto r = run(fault);
    EXPECT_EQ(fault, "");
    return r;
  }

  test::fake_api api;
  client::thread_kit kit;
  history_options options;
};

} // namespace

TEST_F(history_test, reads_back_what_it_has_sent) {
  options.connections = 3;
  auto r = run();
  EXPECT_TRUE(r.sound());
  ASSERT_EQ(r.at("history.rate", "reads/s").runs.size(), 2u);
  EXPECT_GT(r.at("history.rate", "reads/s").min(), 0);
  EXPECT_GT(r.at("history.read.p50", "ms").min(), 0);
  EXPECT_GT(r.at("history.fill", "messages/s").min(), 0);
}

TEST_F(history_test, a_short_channel_makes_a_short_page) {
  options.messages = 3;
  EXPECT_TRUE(run().sound());
}

TEST_F(history_test, sees_pages_that_lack_messages) {
  api.planted.hide = 1;
  EXPECT_GT(test::faults_of(run(), "incomplete"), 0u);
}

TEST_F(history_test, sees_pages_that_are_old) {
  api.planted.older = 1;
  EXPECT_GT(test::faults_of(run(), "wrong"), 0u);
}

TEST_F(history_test, without_filling_it_finds_nothing_on_an_empty_server) {
  options.fill = false;
  EXPECT_GT(test::faults_of(run(), "incomplete"), 0u);
}

TEST_F(history_test, ends_when_the_server_refuses_messages) {
  api.planted.refuse = true;
  std::string fault;
  run(fault);
  EXPECT_NE(fault.find("refused"), std::string::npos) << fault;
}
