#include "actors/channel/permission.hpp"

#include <gtest/gtest.h>

using namespace jindou;
using namespace jindou::actors;
using permission::question;

namespace flags = command::channel_flags;

TEST(permission_test, refuses_a_banned_channel_before_a_disbanded_one) {
  EXPECT_EQ(permission::of_channel(2, flags::ban | flags::disband),
            errc::banned);
  EXPECT_EQ(permission::of_channel(2, flags::disband), errc::disbanded);
  EXPECT_EQ(permission::of_channel(2, 0), errc::none);
}

TEST(permission_test, asks_no_channel_rule_of_service_channels) {
  for (auto type : {channel_type::customer_service, channel_type::info,
                    channel_type::visitors, channel_type::agent})
    EXPECT_EQ(permission::of_channel(type, flags::ban | flags::disband),
              errc::none)
      << int{type};
}

TEST(permission_test, lets_http_and_system_accounts_pass) {
  EXPECT_EQ(permission::about({"u", true, false}, 2, "g"), question::nothing);
  EXPECT_EQ(permission::about({"s", false, true}, 2, "g"), question::nothing);
  EXPECT_EQ(permission::about({"u", false, false}, 2, "g"), question::group);
}

TEST(permission_test, lets_both_ends_of_an_agent_channel_write) {
  EXPECT_EQ(permission::about({"u"}, 11, "u@bot"), question::nothing);
  EXPECT_EQ(permission::about({"bot"}, 11, "u@bot"), question::nothing);
  EXPECT_EQ(permission::about({"x"}, 11, "u@bot"), question::group);
}

TEST(permission_test, lets_a_visitor_write_to_its_own_channel_only) {
  EXPECT_EQ(permission::about({"v"}, 10, "v"), question::nothing);
  EXPECT_EQ(permission::about({"w"}, 10, "v"), question::group);
}

TEST(permission_test, asks_the_lists_of_the_other_person) {
  EXPECT_EQ(permission::about({"a"}, 1, "b@a"), question::person);
  EXPECT_EQ(permission::other_person("b@a", "a"), "b");
  EXPECT_EQ(permission::other_person("b@a____cmd", "b"), "a");
  EXPECT_EQ(permission::other_person("odd", "a"), "");
}

TEST(permission_test, puts_the_deny_list_of_a_person_first) {
  EXPECT_EQ(permission::of_person({true, true}, true), errc::denied);
  EXPECT_EQ(permission::of_person({false, false}, true), errc::none);
  EXPECT_EQ(permission::of_person({false, false}, false), errc::not_allowed);
  EXPECT_EQ(permission::of_person({false, true}, false), errc::none);
}

TEST(permission_test, lets_everybody_listen_to_a_data_channel_in_force) {
  EXPECT_EQ(permission::of_listener(7, 0, {false, false}), errc::none);
  EXPECT_EQ(permission::of_listener(7, 0, {true, true}), errc::denied);
  EXPECT_EQ(permission::of_listener(7, flags::ban, {true, true}), errc::banned);
  EXPECT_EQ(permission::of_listener(7, flags::disband, {true, false}),
            errc::disbanded);
}

TEST(permission_test, confirms_receivers_of_other_types_and_nobody_else) {
  for (std::uint8_t type = 0; type <= 12; ++type) {
    if (type == channel_type::data)
      continue;
    EXPECT_EQ(permission::of_listener(type, flags::ban, {true, true}),
              errc::none);
    EXPECT_EQ(permission::of_listener(type, 0, {false, false}),
              errc::not_subscribed);
  }
}

TEST(permission_test, keeps_the_order_of_the_group_rules) {
  EXPECT_EQ(permission::of_group({true, false, true, false}), errc::denied);
  EXPECT_EQ(permission::of_group({false, false, false, false}),
            errc::not_subscribed);
  EXPECT_EQ(permission::of_group({false, true, false, false}),
            errc::not_allowed);
  EXPECT_EQ(permission::of_group({false, true, false, true}), errc::none);
  EXPECT_EQ(permission::of_group({false, true, true, false}), errc::none);
}
