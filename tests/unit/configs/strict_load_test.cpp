#include "configs/manual.hpp"
#include "configs/strict_load.hpp"

#include <gtest/gtest.h>

#include <fstream>

using namespace jindou::configs;
using namespace std::chrono_literals;

namespace {

/// The first fault as the operator sees it, or "" for a good text.
std::string first_fault(const std::string& text) {
  options target;
  auto report = strict_load(text, "x.conf", target);
  return report.faults.empty() ? "" : to_string(report.faults.front());
}

/// Checks that `text` is refused with a message that begins so.
void expect_fault(const std::string& text, const std::string& begin) {
  EXPECT_EQ(first_fault(text).substr(0, begin.size()), begin) << text;
}

} // namespace

TEST(strict_load_test, takes_values_of_every_type) {
  options x;
  auto report = strict_load("; a comment\n"
                            "[node]\n"
                            "id = 7\n"
                            "data-dir = \"/tmp/a \\\"b\\\"\" ; and one here\n"
                            "[gateway]\n"
                            "conn-idle-time = 90s\n"
                            "[log.levels]\n"
                            "storage = \"debug\"\n"
                            "[demo]\n"
                            "on = true",
                            "x.conf", x);
  EXPECT_TRUE(report.faults.empty());
  EXPECT_EQ(x.node.id, 7u);
  EXPECT_EQ(x.node.data_dir, "/tmp/a \"b\"");
  EXPECT_EQ(x.gateway.conn_idle_time, 90s);
  EXPECT_EQ(x.log_levels.storage, "debug");
  EXPECT_TRUE(x.demo.on);
  EXPECT_EQ(report.lines["gateway.conn-idle-time"], 6);
}

TEST(strict_load_test, takes_an_empty_text) {
  EXPECT_EQ(first_fault(""), "");
  EXPECT_EQ(first_fault("\n\n; nothing\n"), "");
  EXPECT_EQ(first_fault("[node]\n"), "");
}

TEST(strict_load_test, takes_a_section_that_is_opened_twice) {
  EXPECT_EQ(first_fault("[node]\nid=1\n[log]\n[node]\ndata-dir=\"d\"\n"), "");
}

TEST(strict_load_test, names_line_and_nearest_key_of_an_unknown_key) {
  EXPECT_EQ(first_fault("[node]\nid = 1\ndata-dri = \"x\"\n"),
            "x.conf:3: unknown key 'node.data-dri', did you mean "
            "'node.data-dir'?");
}

TEST(strict_load_test, points_at_the_section_a_key_belongs_to) {
  EXPECT_EQ(first_fault("[http]\ntcp-addr = \"127.0.0.1:1\"\n"),
            "x.conf:2: unknown key 'http.tcp-addr', did you mean "
            "'gateway.tcp-addr'?");
}

TEST(strict_load_test, refuses_a_key_outside_of_sections) {
  expect_fault("id = 1\n", "x.conf:1: unknown key 'id'");
}

TEST(strict_load_test, refuses_an_unknown_section_even_if_empty) {
  expect_fault("[node]\n[nodes]\n", "x.conf:2: unknown section 'nodes'");
}

TEST(strict_load_test, refuses_wrong_types) {
  expect_fault("[node]\nid = \"seven\"\n", "x.conf:2: node.id must be");
  expect_fault("[node]\nid = 1.0\n", "x.conf:2: node.id must be");
  expect_fault("[node]\nid = [1]\n", "x.conf:2: node.id must be");
  expect_fault("[node]\ndata-dir = 'data'\n", "x.conf:2: node.data-dir must");
  expect_fault("[user]\nidle-time = 90\n", "x.conf:2: user.idle-time must be");
  expect_fault("[demo]\non = 1\n", "x.conf:2: demo.on must be true or false");
}

TEST(strict_load_test, refuses_values_out_of_bounds) {
  expect_fault("[node]\nid = 1024\n",
               "x.conf:2: node.id must be an integer from 1 to 1023");
  expect_fault("[node]\nid = -1\n", "x.conf:2: node.id must be");
  expect_fault("[user]\nidle-time = 1ms\n", "x.conf:2: user.idle-time must be");
  expect_fault("[log]\nlevel = \"loud\"\n", "x.conf:2: log.level must be");
  expect_fault("[log]\nformat = \"text|json\"\n", "x.conf:2: log.format must");
  expect_fault("[node]\ndata-dir = \"\"\n", "x.conf:2: node.data-dir must");
  expect_fault("[node]\ndata-dir = \"a\\nb\"\n", "x.conf:2: node.data-dir");
}

TEST(strict_load_test, refuses_a_key_that_is_set_twice) {
  EXPECT_EQ(first_fault("[node]\nid = 1\n\n[node]\nid = 1\n"),
            "x.conf:5: node.id was already set in line 2");
}

TEST(strict_load_test, names_the_line_of_a_syntax_error) {
  expect_fault("[node]\nid 7\n", "x.conf:2: not readable");
  expect_fault("[node]\nid =\n", "x.conf:2: ");
  expect_fault("[node\nid = 1\n", "x.conf:1: ");
  expect_fault("[node]\ndata-dir = \"open\nid = 1\n",
               "x.conf:2: the line ends");
  expect_fault("[node]\ndata-dir = data\n", "x.conf:2: not readable");
  expect_fault("[user]\nidle-time = 1.5s\n",
               "x.conf:2: a time has no fraction");
  expect_fault("[node]\nid = [1, 2\n", "x.conf:");
}

TEST(strict_load_test, names_the_cure_for_foreign_habits) {
  EXPECT_EQ(first_fault("[node]\r\nid = 1\r\n"),
            "x.conf:1: lines must end with LF, not with CR LF");
  EXPECT_EQ(first_fault("[node]\n# old\nid = 1\n"),
            "x.conf:2: comments begin with ';', not with '#'");
}

TEST(strict_load_test, allows_a_hash_inside_texts_and_comments) {
  EXPECT_EQ(first_fault("; # fine\n[node]\ndata-dir = \"a#b\" ; #\n"), "");
}

TEST(strict_load_test, refuses_times_that_would_overflow) {
  expect_fault("[user]\nidle-time = 2562048h\n",
               "x.conf:2: the time is out of range");
  expect_fault("[user]\nidle-time = 99999999999999999999ns\n", "x.conf:2: ");
  EXPECT_EQ(first_fault("[user]\nidle-time = 3600000000000ns\n"), "");
}

TEST(strict_load_test, reports_all_faults_up_to_a_bound) {
  options target;
  auto report = strict_load("[node]\na=1\nid=0\nb=2\n", "x", target);
  EXPECT_EQ(report.faults.size(), 3u);
  std::string many = "[node]\n";
  for (int i = 0; i < 100; ++i)
    many += "k" + std::to_string(i) + " = 1\n";
  EXPECT_EQ(strict_load(many, "x", target).faults.size(), faults_max);
}

TEST(strict_load_test, reads_a_file) {
  auto path = testing::TempDir() + "jindou_strict_load.conf";
  std::ofstream{path} << "[node]\nid = 9\n";
  options x;
  EXPECT_TRUE(strict_load_file(path, x).faults.empty());
  EXPECT_EQ(x.node.id, 9u);
}

TEST(strict_load_test, refuses_a_missing_file_and_a_folder) {
  options x;
  auto missing = strict_load_file("/nonexistent/x.conf", x);
  ASSERT_EQ(missing.faults.size(), 1u);
  EXPECT_EQ(missing.faults[0].file, "/nonexistent/x.conf");
  EXPECT_EQ(strict_load_file(testing::TempDir(), x).faults.size(), 1u);
}

TEST(strict_load_test, refuses_a_file_that_is_too_long) {
  auto path = testing::TempDir() + "jindou_long.conf";
  std::ofstream{path} << std::string(1 << 20, '\n');
  options x;
  auto report = strict_load_file(path, x);
  ASSERT_EQ(report.faults.size(), 1u);
  EXPECT_NE(report.faults[0].text.find("longer than"), std::string::npos);
}

TEST(strict_load_test, loads_the_file_that_make_run_uses) {
  options x;
  auto report = strict_load_file(JINDOU_SOURCE_DIR "/configs/single.conf", x);
  for (auto& found : report.faults)
    ADD_FAILURE() << to_string(found);
  EXPECT_TRUE(validate(x));
  EXPECT_EQ(dump(x), dump(options{})) << "single.conf differs from defaults";
}
