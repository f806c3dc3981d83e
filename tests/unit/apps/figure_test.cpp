#include "apps/bench/figure.hpp"
#include "apps/bench/idle.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace jindou::bench;

namespace {

report sample() {
  report r;
  r.benchmark = "pairs.window_1";
  r.options = {{"pairs", "100"}};
  for (auto x : {13'000.0, 12'500.0, 14'000.0})
    r.at("pairs.window_1.delivered", "messages/s").runs.push_back(x);
  r.faults = {{"lost", 0}};
  return r;
}

report ceiling() {
  report r;
  r.benchmark = "echo.window_1";
  r.at("echo.window_1.rate", "messages/s").runs = {52'000.0};
  return r;
}

} // namespace

TEST(figure_test, the_median_is_the_middle_run) {
  EXPECT_EQ((figure{"a", "s", {3, 1, 2}}.median()), 2);
  EXPECT_EQ((figure{"a", "s", {4, 1, 2, 3}}.median()), 2.5);
  EXPECT_EQ((figure{"a", "s", {}}.median()), 0);
  EXPECT_EQ((figure{"a", "s", {3, 1, 2}}.min()), 1);
  EXPECT_EQ((figure{"a", "s", {3, 1, 2}}.max()), 3);
}

TEST(figure_test, a_report_survives_its_json) {
  report back;
  ASSERT_TRUE(from_json(to_json(sample()), back));
  EXPECT_EQ(to_json(back), to_json(sample()));
  EXPECT_FALSE(from_json(nlohmann::json::parse("[]"), back));
  EXPECT_FALSE(from_json(nlohmann::json::object(), back));
}

TEST(figure_test, any_fault_makes_a_report_unsound) {
  auto r = sample();
  EXPECT_TRUE(r.sound());
  r.faults.emplace_back("doubled", 2);
  EXPECT_FALSE(r.sound());
  EXPECT_NE(to_table(r).find("FAULT: pairs.window_1: 2 doubled"),
            std::string::npos);
  EXPECT_NE(summary_table({r}).find("FAULT"), std::string::npos);
}

TEST(figure_test, the_summary_compares_with_floor_target_and_ceiling) {
  auto x = summary_json({sample(), ceiling()}).at("marks").at(0);
  EXPECT_EQ(x.at("median"), 13'000.0);
  EXPECT_EQ(x.at("reached"), "floor");
  EXPECT_DOUBLE_EQ(x.at("of_echo"), 0.25);
  auto text = summary_table({sample(), ceiling()});
  EXPECT_NE(text.find("13,000"), std::string::npos);
  EXPECT_NE(text.find("12,500 .. 14,000"), std::string::npos);
  EXPECT_NE(text.find("25 %"), std::string::npos);
}

TEST(figure_test, a_latency_reaches_its_floor_from_above) {
  report r;
  r.at("pairs.rate_1000.ack.p99", "ms").runs = {5.5};
  EXPECT_EQ(summary_json({r}).at("marks").at(0).at("reached"), "BELOW");
  r.at("pairs.rate_1000.ack.p99", "ms").runs = {4.5};
  EXPECT_EQ(summary_json({r}).at("marks").at(0).at("reached"), "target");
}

TEST(figure_test, pools_have_floors_and_targets) {
  report r;
  r.at("pools_user.send_1.rate", "events/s").runs = {0.9e6};
  r.at("pools_user.send_8.rate", "events/s").runs = {1.2e6};
  r.at("pools_pusher.plain_1.rate", "deliveries/s").runs = {10e6};
  auto marks = summary_json({r}).at("marks");
  EXPECT_EQ(marks.at(0).at("reached"), "BELOW");
  EXPECT_EQ(marks.at(1).at("reached"), "floor");
  EXPECT_EQ(marks.at(2).at("reached"), "target");
}

TEST(figure_test, runs_of_two_reports_add_up) {
  auto r = sample();
  auto more = sample();
  more.faults = {{"lost", 2}, {"refused", 1}};
  append_runs(r, more);
  EXPECT_EQ(r.figures.front().runs.size(), 6u);
  EXPECT_EQ(r.faults.at(0).second, 2u);
  EXPECT_EQ(r.faults.at(1).first, "refused");
}

TEST(figure_test, finds_a_metric_in_a_page) {
  std::string page = "# HELP x\nprocess_resident_memory_bytes_max 7\n"
                     "process_resident_memory_bytes 1.5e6\n";
  EXPECT_EQ(metric(page, "process_resident_memory_bytes"), 1.5e6);
  EXPECT_FALSE(metric(page, "process_resident"));
  EXPECT_FALSE(metric("", "process_resident_memory_bytes"));
}
