#include "actors/http/metrics_page.hpp"

#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>

using namespace jindou;
using namespace jindou::actors::http;

namespace {

struct page {
  std::map<std::string, double> samples; // by name with labels
  std::map<std::string, std::string> types;
};

/// Reads the text form; fails the test at a line that is none.
page parsed(const std::string& text) {
  static const std::regex sample{
    R"(([a-zA-Z_:][a-zA-Z0-9_:]*(?:\{(?:[a-z]+="[^"]*",?)*\})?) (\S+))"};
  static const std::regex comment{R"(# (TYPE|HELP) (\S+) (.*))"};
  page out;
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);) {
    std::smatch found;
    if (std::regex_match(line, found, comment)) {
      if (found[1] == "TYPE") {
        EXPECT_TRUE(out.types.emplace(found[2], found[3]).second) << line;
      }
    } else if (std::regex_match(line, found, sample)) {
      auto value = std::stod(found[2]);
      EXPECT_TRUE(out.samples.emplace(found[1], value).second) << line;
    } else {
      ADD_FAILURE() << line;
    }
  }
  return out;
}

} // namespace

TEST(metrics_page_test, shows_every_counter_with_its_type) {
  metrics m;
  m.add(counter::sends, 7);
  auto got = parsed(metrics_page(m));
  for (const auto& x : counter_infos()) {
    auto name = std::string{x.name};
    EXPECT_TRUE(got.samples.contains(name)) << name;
    EXPECT_EQ(got.types[name], "counter");
  }
  EXPECT_EQ(got.samples["jindou_sends_total"], 7);
}

TEST(metrics_page_test, shows_handler_times_as_cumulative_histograms) {
  metrics m;
  auto& handler = m.handler(event_type::on_send, "permission");
  handler.add(1'500, 3, 1); // 1.5 microseconds
  handler.add(900, 1, 0);
  auto got = parsed(metrics_page(m));
  std::string labels = R"({pool="user",event="OnSend",handler="permission")";
  auto at = [&](const std::string& name, const std::string& more) {
    auto key = "jindou_handler_" + name + labels + more + "}";
    EXPECT_TRUE(got.samples.contains(key)) << key;
    return got.samples[key];
  };
  EXPECT_EQ(got.types["jindou_handler_duration_seconds"], "histogram");
  EXPECT_EQ(at("duration_seconds_count", ""), 2);
  EXPECT_NEAR(at("duration_seconds_sum", ""), 2.4e-6, 1e-12);
  EXPECT_EQ(at("duration_seconds_bucket", R"(,le="+Inf")"), 2);
  EXPECT_EQ(at("duration_seconds_bucket", R"(,le="1e-06")"), 1);
  EXPECT_EQ(at("duration_seconds_bucket", R"(,le="2e-06")"), 2);
  EXPECT_EQ(at("events_total", ""), 4);
  EXPECT_EQ(at("errors_total", ""), 1);
}

TEST(metrics_page_test, gathers_gauges_of_one_name_under_one_head) {
  metrics m;
  m.gauge("jindou_queue_depth", "Events that wait.", R"(pool="user")",
          [] { return 3.0; });
  m.gauge("jindou_other", "Another.", "", [] { return 1.0; });
  m.gauge("jindou_queue_depth", "Events that wait.", R"(pool="channel")",
          [] { return 4.0; });
  auto got = parsed(metrics_page(m));
  EXPECT_EQ(got.types["jindou_queue_depth"], "gauge");
  EXPECT_EQ(got.samples[R"(jindou_queue_depth{pool="user"})"], 3);
  EXPECT_EQ(got.samples[R"(jindou_queue_depth{pool="channel"})"], 4);
  EXPECT_EQ(got.samples["jindou_other"], 1);
}

TEST(metrics_page_test, shows_what_the_kernel_says_of_the_process) {
  metrics m;
  auto got = parsed(metrics_page(m));
  EXPECT_GT(got.samples["process_resident_memory_bytes"], 1e6);
  EXPECT_GT(got.samples["process_open_fds"], 2);
  auto now = static_cast<double>(time(nullptr));
  EXPECT_NEAR(got.samples["process_start_time_seconds"], now, 3600);
  EXPECT_GE(got.samples["process_cpu_seconds_total"], 0);
}
