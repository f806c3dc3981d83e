#include "configs/manual.hpp"
#include "configs/option_table.hpp"
#include "configs/strict_load.hpp"
#include "configs/version.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

using namespace jindou::configs;

namespace {

std::string content(const std::string& path) {
  std::ifstream in{JINDOU_SOURCE_DIR "/" + path};
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

} // namespace

TEST(manual_test, stands_in_the_configs_folder) {
  EXPECT_EQ(content("configs/node.conf"), manual())
    << "run: build/bin/jindou-node --manual > configs/node.conf";
}

TEST(manual_test, sets_every_option_to_its_default) {
  options x;
  auto report = strict_load(manual(), "node.conf", x);
  for (auto& found : report.faults)
    ADD_FAILURE() << to_string(found);
  EXPECT_EQ(report.lines.size(), option_table().size());
  EXPECT_EQ(dump(x), dump(options{}));
}

TEST(manual_test, dumps_a_file_that_loads_to_the_same_values) {
  options changed;
  changed.node.id = 77;
  changed.node.data_dir = "a \"quoted\" \\ folder";
  changed.gateway.conn_idle_time = std::chrono::milliseconds{1'500};
  changed.demo.on = true;
  options loaded;
  EXPECT_TRUE(strict_load(dump(changed), "x", loaded).faults.empty());
  EXPECT_EQ(dump(loaded), dump(changed));
  EXPECT_EQ(loaded.node.data_dir, changed.node.data_dir);
  EXPECT_NE(dump(loaded), dump(options{}));
}

TEST(manual_test, helps_with_every_option) {
  auto text = help();
  for (auto& x : option_table())
    EXPECT_NE(text.find("--" + full_name(x) + "\n"), std::string::npos)
      << full_name(x);
}

TEST(manual_test, stays_within_eighty_columns) {
  std::istringstream lines{manual() + help()};
  for (std::string line; std::getline(lines, line);)
    EXPECT_LE(line.size(), 80u) << line;
}

TEST(manual_test, has_the_version_of_the_build_file) {
  EXPECT_NE(content("CMakeLists.txt")
              .find("project(jindou VERSION " + std::string{version} + " "),
            std::string::npos);
}
