#include "apps/node/manager_token.hpp"
#include "tests/support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace jindou {

namespace {

namespace fs = std::filesystem;

class manager_token_test : public testing::Test {
protected:
  void write(const std::string& text) const {
    std::ofstream{path} << text;
    fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  }

  std::string refusal() const {
    auto got = app::manager_token(path);
    return got ? "taken" : got.error().text;
  }

  test::temp_folder folder;
  const std::string path = folder / "manager.token";
};

} // namespace

TEST_F(manager_token_test,
       makes_one_of_48_digits_that_only_its_owner_can_read) {
  auto made = app::manager_token(path);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->size(), 48U);
  EXPECT_NE(*made, std::string(48, '0'));
  EXPECT_TRUE(std::all_of(made->begin(), made->end(), [](unsigned char x) {
    return std::isxdigit(x) != 0;
  }));
  EXPECT_EQ(fs::status(path).permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(*app::manager_token(path), *made); // the next start
  EXPECT_FALSE(fs::exists(path + ".new"));
}

TEST_F(manager_token_test, makes_one_behind_a_start_that_ended_in_between) {
  std::ofstream{path + ".new"} << "ha";
  auto made = app::manager_token(path);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->size(), 48U);
}

TEST_F(manager_token_test, says_that_none_is_there_to_be_read) {
  auto got = app::read_manager_token(path);
  ASSERT_FALSE(got);
  EXPECT_NE(got.error().text.find("No such file"), std::string::npos);
  EXPECT_FALSE(fs::exists(path));
}

TEST_F(manager_token_test, takes_one_that_was_written_by_hand) {
  write("a token \n");
  auto got = app::manager_token(path);
  ASSERT_TRUE(got);
  EXPECT_EQ(*got, "a token");
}

TEST_F(manager_token_test, refuses_one_that_others_can_read) {
  write("secret\n");
  fs::permissions(path, fs::perms::group_read, fs::perm_options::add);
  EXPECT_NE(refusal().find("chmod 600"), std::string::npos);
}

TEST_F(manager_token_test, refuses_an_empty_one_and_one_without_end) {
  write("\n");
  EXPECT_NE(refusal().find("empty; remove it"), std::string::npos);
  write("");
  EXPECT_NE(refusal().find("empty; remove it"), std::string::npos);
  write(std::string(2'000, 'x') + "\n");
  EXPECT_NE(refusal().find("too long"), std::string::npos);
}

TEST_F(manager_token_test, names_the_folder_that_is_not_there) {
  auto got = app::manager_token(folder / "none/manager.token");
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, 1); // no fault of the configuration alone
  EXPECT_NE(got.error().text.find("/none/manager.token"), std::string::npos);
}

} // namespace jindou
