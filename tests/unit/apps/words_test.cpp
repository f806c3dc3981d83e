#include "apps/client/commands.hpp"
#include "apps/client/words.hpp"

#include <gtest/gtest.h>

using namespace jindou::client;
using namespace std::chrono_literals;

TEST(words_test, reads_durations_with_their_unit) {
  EXPECT_EQ(parse_duration("500ms"), 500ms);
  EXPECT_EQ(parse_duration("10s"), 10s);
  EXPECT_EQ(parse_duration("2m"), 2min);
  EXPECT_EQ(parse_duration("1h"), 1h);
}

TEST(words_test, refuses_what_is_no_duration) {
  for (auto text : {"", "10", "s", "-1s", "1.5s", "10 s", "99999999999s"})
    EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(words_test, reads_addresses) {
  auto found = parse_address("127.0.0.1:5100");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->port(), 5100);
  for (auto text : {"", "5100", ":5100", "127.0.0.1:"})
    EXPECT_FALSE(parse_address(text)) << text;
}

TEST(words_test, names_every_reason_code) {
  EXPECT_EQ(reason_name(1), "Success");
  EXPECT_EQ(reason_name(9), "PayloadDecodeError");
  EXPECT_EQ(reason_name(15), "SystemError");
  EXPECT_EQ(reason_name(19), "Ban");
  EXPECT_EQ(reason_name(25), "SendBan");
  EXPECT_EQ(reason_name(200), "Unknown");
}

TEST(words_test, a_text_survives_its_payload) {
  EXPECT_EQ(text_payload("hi"), R"({"content":"hi","type":1})");
  EXPECT_EQ(shown_text(text_payload("hello")), "hello");
  EXPECT_EQ(shown_text("plain"), "plain");
  EXPECT_EQ(shown_text("[1]"), "[1]");
}

TEST(words_test, a_message_stays_on_one_line) {
  EXPECT_EQ(shown_text("a\nb\x1b[31m"), "a\\nb\\u001b[31m");
  EXPECT_EQ(shown_text(text_payload("a\nb")), "a\\nb");
}
