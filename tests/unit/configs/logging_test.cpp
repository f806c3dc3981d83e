#include "configs/logging.hpp"

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <filesystem>
#include <fstream>
#include <sstream>

using namespace jindou::configs;

namespace {

class logging_test : public testing::Test {
protected:
  logging_test() {
    testing::internal::CaptureStderr();
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    to_file.file = (folder / "node.log").string();
    to_file.format = "json";
  }

  ~logging_test() override {
    stop_logging();
    testing::internal::GetCapturedStderr();
  }

  std::string written() const {
    std::ifstream in{to_file.file};
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
  }

  std::filesystem::path folder
    = std::filesystem::path{testing::TempDir()} / "jindou_logging";
  log_options to_file;
};

} // namespace

TEST_F(logging_test, makes_a_logger_per_room) {
  ASSERT_TRUE(start_logging(to_file, {}));
  for (auto& room : log_rooms()) {
    ASSERT_NE(spdlog::get(room), nullptr) << room;
    spdlog::get(room)->info("[hello] {} speaks", room);
    EXPECT_NE(written().find("\"room\":\"" + room + "\",\"id\":\"hello\""),
              std::string::npos);
  }
}

TEST_F(logging_test, sets_a_level_per_room) {
  log_level_options levels;
  levels.storage = "debug";
  levels.actors = "error";
  ASSERT_TRUE(start_logging(to_file, levels));
  EXPECT_EQ(spdlog::get("storage")->level(), spdlog::level::debug);
  EXPECT_EQ(spdlog::get("actors")->level(), spdlog::level::err);
  EXPECT_EQ(spdlog::get("node")->level(), spdlog::level::info);
}

TEST_F(logging_test, bounds_the_files) {
  to_file.file_bytes_max = 2'000;
  to_file.files_max = 2;
  ASSERT_TRUE(start_logging(to_file, {}));
  for (int i = 0; i < 500; ++i)
    spdlog::get("node")->info("[fill] line {} of many", i);
  std::size_t files = 0;
  for (auto& entry : std::filesystem::directory_iterator{folder}) {
    ++files;
    EXPECT_LE(entry.file_size(), 2'000u);
  }
  EXPECT_EQ(files, 3u); // the open one and two closed ones
}

TEST_F(logging_test, refuses_a_file_that_cannot_be_written) {
  to_file.file = "/proc/nothing/node.log";
  auto started = start_logging(to_file, {});
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().key, "log.file");
}

TEST_F(logging_test, may_be_started_again) {
  ASSERT_TRUE(start_logging(to_file, {}));
  to_file.level = "error";
  ASSERT_TRUE(start_logging(to_file, {}));
  EXPECT_EQ(spdlog::get("node")->level(), spdlog::level::err);
}
