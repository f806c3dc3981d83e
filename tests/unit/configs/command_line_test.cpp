#include "configs/command_line.hpp"
#include "configs/manual.hpp"
#include "configs/strict_load.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

using namespace jindou::configs;
using namespace std::chrono_literals;

namespace {

using arguments = std::vector<std::string>;

options values_of(const arguments& xs) {
  auto parsed = parse(xs);
  if (auto done = std::get_if<ending>(&parsed)) {
    ADD_FAILURE() << done->text;
    return {};
  }
  return std::get<options>(parsed);
}

ending ending_of(const arguments& xs) {
  auto parsed = parse(xs);
  if (auto done = std::get_if<ending>(&parsed))
    return *done;
  ADD_FAILURE() << "accepted";
  return {};
}

std::string file_with(const std::string& text) {
  auto path = testing::TempDir() + "jindou_command_line.conf";
  std::ofstream{path} << text;
  return path;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST(command_line_test, yields_the_defaults_without_arguments) {
  EXPECT_EQ(dump(values_of({})), dump(options{}));
}

TEST(command_line_test, takes_texts_without_quotes) {
  auto x = values_of({"--node.data-dir=/a b/c", "--log.levels.node=debug"});
  EXPECT_EQ(x.node.data_dir, "/a b/c");
  EXPECT_EQ(x.log_levels.node, "debug");
}

TEST(command_line_test, takes_values_of_other_types) {
  auto x = values_of({"--node.id=5", "--user.idle-time=90s", "--demo.on",
                      "--auth.token-auth-on=false"});
  EXPECT_EQ(x.node.id, 5u);
  EXPECT_EQ(x.user.idle_time, 90s);
  EXPECT_TRUE(x.demo.on);
  EXPECT_FALSE(x.auth.token_auth_on);
}

TEST(command_line_test, lets_an_argument_win_over_the_file) {
  auto path = file_with("[node]\nid = 5\ndata-dir = \"file\"\n");
  auto x = values_of({"--node.id=6", "--config-file=" + path});
  EXPECT_EQ(x.node.id, 6u);
  EXPECT_EQ(x.node.data_dir, "file");
}

TEST(command_line_test, reads_no_file_from_the_working_folder) {
  auto before = std::filesystem::current_path();
  auto folder = std::filesystem::path{testing::TempDir()} / "jindou_cwd";
  std::filesystem::create_directories(folder);
  std::ofstream{folder / "caf-application.ini"} << "[node]\nid = 5\n";
  std::filesystem::current_path(folder);
  EXPECT_EQ(values_of({}).node.id, 1u);
  std::filesystem::current_path(before);
}

TEST(command_line_test, refuses_wrong_arguments_with_code_2) {
  for (auto& x : {"extra", "-x", "--", "-", "--nonsense", "--nonsense=1",
                  "--node.id", "--node.id=", "--node.id=seven", "--node.id=1,2",
                  "--node.id=1\n[log]", "--node.id=99999", "--config-file",
                  "--node.id=[[[[", "--user.idle-time=2562048h",
                  "--log.level=loud", "--scheduler.policy=stealing", ""}) {
    auto done = ending_of({x});
    EXPECT_EQ(done.code, exit_usage) << x;
    EXPECT_TRUE(contains(done.text, "try: jindou-node --help")) << x;
  }
}

TEST(command_line_test, names_the_nearest_option) {
  EXPECT_TRUE(contains(ending_of({"--node.data-dri=x"}).text,
                       "did you mean --node.data-dir?"));
}

TEST(command_line_test, refuses_an_argument_given_twice) {
  EXPECT_EQ(ending_of({"--node.id=1", "--node.id=1"}).code, exit_usage);
}

TEST(command_line_test, says_that_a_value_needs_an_equals_sign) {
  auto done = ending_of({"--config-file", "x.conf"});
  EXPECT_EQ(done.code, exit_usage);
  EXPECT_TRUE(contains(done.text, "--config-file=VALUE"));
}

TEST(command_line_test, takes_the_directory_of_an_errand_either_way) {
  EXPECT_EQ(values_of({"--backup-to", "a b"}).errand.backup_to, "a b");
  EXPECT_EQ(values_of({"--restore-from=/x", "--node.id=2"}).errand.restore_from,
            "/x");
  for (auto& x : std::vector<arguments>{{"--backup-to"},
                                        {"--backup-to="},
                                        {"--backup-to", "--node.id=2"},
                                        {"--backup-to=a", "--backup-to=b"},
                                        {"--backup-to=a", "--restore-from=b"}})
    EXPECT_EQ(ending_of(x).code, exit_usage) << x[0];
}

TEST(command_line_test, refuses_a_wrong_file_with_code_78) {
  auto path = file_with("[node]\nid = 0\ndata-dri = \"x\"\n");
  auto done = ending_of({"--config-file=" + path});
  EXPECT_EQ(done.code, exit_config);
  EXPECT_TRUE(contains(done.text, path + ":2: node.id must be"));
  EXPECT_TRUE(contains(done.text, path + ":3: unknown key 'node.data-dri'"));
}

TEST(command_line_test, refuses_a_missing_file_with_code_78) {
  EXPECT_EQ(ending_of({"--config-file=/nonexistent"}).code, exit_config);
}

TEST(command_line_test, blames_the_line_for_values_that_do_not_fit) {
  auto path = file_with("[http]\n\naddr = \"nowhere\"\n");
  auto done = ending_of({"--config-file=" + path});
  EXPECT_EQ(done.code, exit_config);
  EXPECT_TRUE(contains(done.text, path + ":3: http.addr must be"));
}

TEST(command_line_test, blames_the_argument_for_values_that_do_not_fit) {
  auto done = ending_of({"--http.addr=nowhere"});
  EXPECT_EQ(done.code, exit_usage);
  EXPECT_TRUE(contains(done.text, "http.addr must be ip:port"));
}

TEST(command_line_test, names_the_line_of_what_only_others_can_check) {
  auto further = [](const options& x, bool) -> jindou::result<void, fault> {
    if (x.gateway.trusted_proxies.empty())
      return {};
    return fault{.key = "gateway.trusted-proxies", .text = "no address"};
  };
  auto run = [&](const arguments& xs) {
    auto parsed = parse(xs, further);
    auto* done = std::get_if<ending>(&parsed);
    return done == nullptr ? ending{} : *done;
  };
  auto path = file_with("[gateway]\n\ntrusted-proxies = \"x\"\n");
  auto got = run({"--config-file=" + path, "--check-config"});
  EXPECT_EQ(got.code, exit_config);
  EXPECT_TRUE(contains(got.text, path + ":3: no address")) << got.text;
  EXPECT_EQ(run({"--config-file=" + path}).code, exit_config);
  EXPECT_EQ(run({"--gateway.trusted-proxies=x"}).code, exit_usage);
  // An errand needs none of it.
  EXPECT_EQ(run({"--config-file=" + path, "--backup-to=/x"}).code, exit_ok);
  EXPECT_EQ(run({}).code, exit_ok);
}

TEST(command_line_test, checks_a_file_and_ends) {
  auto done
    = ending_of({"--config-file=" JINDOU_SOURCE_DIR "/configs/single.conf",
                 "--check-config"});
  EXPECT_EQ(done.code, exit_ok);
  EXPECT_TRUE(contains(done.text, "single.conf: good"));
  auto bad = file_with("[node]\nid = 0\n");
  EXPECT_EQ(ending_of({"--check-config", "--config-file=" + bad}).code,
            exit_config);
}

TEST(command_line_test, dumps_what_is_in_force) {
  auto done = ending_of({"--dump-config", "--node.id=5"});
  EXPECT_EQ(done.code, exit_ok);
  options x;
  EXPECT_TRUE(strict_load(done.text, "dump", x).faults.empty());
  EXPECT_EQ(x.node.id, 5u);
}

TEST(command_line_test, prints_help_version_and_manual) {
  EXPECT_EQ(ending_of({"--help"}).text, help());
  EXPECT_EQ(ending_of({"-h"}).text, help());
  EXPECT_EQ(ending_of({"--version"}).text, version_text());
  EXPECT_EQ(ending_of({"--manual"}).text, manual());
  EXPECT_EQ(version_text().rfind("jindou-node ", 0), 0u);
  EXPECT_TRUE(contains(version_text(), "CAF 0.17.6"));
}

TEST(command_line_test, skips_the_name_of_the_program) {
  const char* argv[] = {"jindou-node", "--node.id=8"};
  EXPECT_EQ(std::get<options>(parse(2, argv)).node.id, 8u);
}
