#include "messages/channel_id.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace jindou {

TEST(channel_id_test, agrees_with_the_check_value_of_crc_32) {
  EXPECT_EQ(crc32_of("123456789"), 0xcbf43926U);
  EXPECT_EQ(crc32_of(""), 0U);
}

TEST(channel_id_test, names_a_person_channel_alike_from_both_ends) {
  EXPECT_EQ(person_channel_id("u1", "u2"), "u2@u1");
  EXPECT_EQ(person_channel_id("u2", "u1"), "u2@u1");
  EXPECT_EQ(person_channel_id("u1", "u1"), "u1@u1");
}

TEST(channel_id_test, orders_uids_of_equal_hash_by_their_text) {
  ASSERT_EQ(crc32_of("plumless"), crc32_of("buckeroo"));
  EXPECT_EQ(person_channel_id("plumless", "buckeroo"), "plumless@buckeroo");
  EXPECT_EQ(person_channel_id("buckeroo", "plumless"), "plumless@buckeroo");
}

TEST(channel_id_test, names_channels_by_their_type) {
  EXPECT_EQ(stored_channel_id("u1", "u2", channel_type::person), "u2@u1");
  EXPECT_EQ(stored_channel_id("u1", "bot", channel_type::agent), "u1@bot");
  EXPECT_EQ(stored_channel_id("z", "bot", channel_type::agent), "z@bot");
  EXPECT_EQ(stored_channel_id("u1", "g1", channel_type::group), "g1");
  EXPECT_EQ(stored_channel_id("u1", "c@t", channel_type::community_topic),
            "c@t");
}

TEST(channel_id_test, splits_only_at_a_single_sign) {
  auto ends = split_channel_id("u2@u1");
  ASSERT_TRUE(ends);
  EXPECT_EQ(ends->first, "u2");
  EXPECT_EQ(ends->second, "u1");
  EXPECT_FALSE(split_channel_id("g1"));
  EXPECT_FALSE(split_channel_id("a@b@c"));
  EXPECT_FALSE(split_channel_id(""));
  ASSERT_TRUE(split_channel_id("@"));
}

TEST(channel_id_test, adds_and_removes_the_command_suffix) {
  auto id = command_channel_id("g1");
  EXPECT_EQ(id, "g1____cmd");
  EXPECT_TRUE(is_command_channel(id));
  EXPECT_FALSE(is_command_channel("g1"));
  EXPECT_FALSE(is_command_channel("____cmd1"));
  EXPECT_EQ(without_command_suffix(id), "g1");
  EXPECT_EQ(without_command_suffix("g1"), "g1");
  EXPECT_EQ(without_command_suffix(command_channel_id(id)), id);
}

TEST(channel_id_test, names_a_temp_channel_after_its_receivers_in_order) {
  using uids = std::vector<std::string>;
  EXPECT_EQ(temp_channel_id(uids{"u1"}), "631765120777144307____cmd");
  EXPECT_EQ(temp_channel_id(uids{"u1", "u2"}), "17922244540036557902____cmd");
  EXPECT_EQ(temp_channel_id(uids{"u2", "u1"}), "5981087602159037568____cmd");
}

TEST(channel_id_test, takes_the_visitor_from_before_the_first_bar) {
  EXPECT_EQ(visitor_of("v1|shop|2"), "v1");
  EXPECT_EQ(visitor_of("v1"), "v1");
  EXPECT_EQ(visitor_of("|x"), "");
}

TEST(channel_id_test, finds_the_characters_that_names_may_not_have) {
  for (std::string_view bad : {"a@b", "#", "a&"})
    EXPECT_TRUE(has_special_characters(bad)) << bad;
  for (std::string_view good : {"", "u1", "____system", "a|b", "a/b"})
    EXPECT_FALSE(has_special_characters(good)) << good;
}

} // namespace jindou
