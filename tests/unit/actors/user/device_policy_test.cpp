#include "actors/user/device_policy.hpp"

#include <gtest/gtest.h>

using namespace jindou;
using namespace jindou::actors;
using device_policy::fate;

namespace {

session_identity device(std::string id, device_level level,
                        std::uint8_t flag = 1) {
  session_identity x;
  x.device_id = std::move(id);
  x.level = level;
  x.device_flag = flag;
  return x;
}

} // namespace

TEST(device_policy_test, kicks_other_devices_of_the_flag_for_a_master) {
  auto fresh = device("new", device_level::master);
  EXPECT_EQ(device_policy::of(fresh, device("old", device_level::slave)),
            fate::kick);
  EXPECT_EQ(device_policy::of(fresh, device("old", device_level::slave, 0)),
            fate::keep);
}

TEST(device_policy_test, replaces_the_same_device_without_a_word) {
  for (auto level : {device_level::master, device_level::slave})
    EXPECT_EQ(
      device_policy::of(device("d", level), device("d", device_level::slave)),
      fate::replace);
}

TEST(device_policy_test, lets_slaves_live_side_by_side) {
  EXPECT_EQ(device_policy::of(device("new", device_level::slave),
                              device("old", device_level::master)),
            fate::keep);
}

TEST(device_policy_test, knows_visitors_by_their_suffix) {
  EXPECT_TRUE(device_policy::is_visitor("x___vstr", "___vstr"));
  EXPECT_FALSE(device_policy::is_visitor("x", "___vstr"));
  EXPECT_FALSE(device_policy::is_visitor("x", "")) << "no suffix, no visitors";
}

TEST(device_policy_test, compares_secrets_whole) {
  EXPECT_TRUE(device_policy::same_secret("abc", "abc"));
  EXPECT_FALSE(device_policy::same_secret("abc", "abd"));
  EXPECT_FALSE(device_policy::same_secret("abc", "ab"));
}
