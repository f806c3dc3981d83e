#include "configs/log_format.hpp"

#include <gtest/gtest.h>
#include <spdlog/details/log_msg.h>

#include <algorithm>

using namespace jindou::configs;

namespace {

log_line line(std::string_view message) {
  using namespace std::chrono;
  auto time = system_clock::time_point{milliseconds{1'769'860'800'123}};
  return {time, "warning", "cluster", message};
}

} // namespace

TEST(log_format_test, writes_a_line_for_people) {
  EXPECT_EQ(text_line(line("[peer-lost] node 2 silent for 3s")),
            "2026-01-31T12:00:00.123Z warning  cluster [peer-lost] node 2 "
            "silent for 3s\n");
}

TEST(log_format_test, keeps_a_text_on_its_line) {
  auto text = text_line(line("a\nb\r\x1b[2J\x7f"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  EXPECT_NE(text.find("a\\nb\\r\\u001b[2J\\u007f\n"), text.npos);
}

TEST(log_format_test, writes_an_object_for_programs) {
  EXPECT_EQ(json_line(line("[peer-lost] node 2 silent")),
            "{\"time\":\"2026-01-31T12:00:00.123Z\",\"level\":\"warning\","
            "\"room\":\"cluster\",\"id\":\"peer-lost\","
            "\"message\":\"node 2 silent\"}\n");
}

TEST(log_format_test, leaves_out_an_id_that_is_none) {
  for (auto text : {"no id", "[Not An Id] x", "[open", "[] x", ""})
    EXPECT_EQ(json_line(line(text)).find("\"id\""), std::string::npos) << text;
}

TEST(log_format_test, escapes_json) {
  auto text = json_line(line("say \"hi\" \\ \n\t\x01"));
  EXPECT_NE(text.find("\"say \\\"hi\\\" \\\\ \\n\\t\\u0001\""), text.npos)
    << text;
}

TEST(log_format_test, keeps_good_utf8_and_replaces_bad) {
  EXPECT_NE(
    json_line(line("悟空 é \xf0\x9f\x90\x92")).find("悟空 é \xf0\x9f\x90\x92"),
    std::string::npos);
  const std::string replaced = "\"message\":\"\xef\xbf\xbd";
  for (auto bad : {"\xff", "\xc0\xaf", "\xe4\xb8", "\xed\xa0\x80", "\x80",
                   "\xf5\x80\x80\x80", "\xe0\x80\x80", "\xf0\x80\x80\x80"})
    EXPECT_NE(json_line(line(bad)).find(replaced), std::string::npos);
}

TEST(log_format_test, formats_what_spdlog_hands_over) {
  spdlog::details::log_msg msg{"storage", spdlog::level::err, "[id] text"};
  for (auto json : {false, true}) {
    spdlog::memory_buf_t out;
    make_formatter(json)->clone()->format(msg, out);
    std::string text{out.data(), out.size()};
    EXPECT_EQ(text.front() == '{', json);
    EXPECT_NE(text.find("storage"), text.npos);
    EXPECT_NE(text.find("error"), text.npos);
  }
}
