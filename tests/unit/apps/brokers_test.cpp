#include "apps/bench/brokers/mqtt.hpp"
#include "apps/bench/brokers/nats.hpp"

#include <gtest/gtest.h>

#include <string>

namespace jindou::bench {

namespace {

std::string text_of(const byte_vector& x) {
  return std::string{as_text(x)};
}

/// Every prefix of a whole packet must be waited for.
void expect_waits_for_all_of(std::string_view whole) {
  for (std::size_t n = 0; n < whole.size(); ++n) {
    auto broken = false;
    EXPECT_FALSE(mqtt::first_packet(as_bytes(whole.substr(0, n)), broken)) << n;
    EXPECT_FALSE(broken);
  }
}

} // namespace

// Packets as chapters 3.1, 3.3, 3.4 and 3.8 of MQTT 3.1.1 lay them out.
TEST(mqtt_test, writes_packets_as_the_standard_says) {
  byte_vector out;
  mqtt::append_connect(out, "ab");
  EXPECT_EQ(text_of(out), std::string("\x10\x0e\0\4MQTT\4\2\0\0\0\2ab", 16));
  out.clear();
  mqtt::append_subscribe(out, 0x0102, "t");
  EXPECT_EQ(text_of(out), std::string("\x82\x06\1\2\0\1t\1", 8));
  out.clear();
  mqtt::append_publish(out, 10, "t", "hello");
  EXPECT_EQ(text_of(out), std::string("\x32\x0a\0\1t\0\x0ahello", 12));
  out.clear();
  mqtt::append_puback(out, 10);
  EXPECT_EQ(text_of(out), std::string("\x40\2\0\x0a", 4));
}

TEST(mqtt_test, reads_a_publication_of_more_than_127_bytes) {
  byte_vector out;
  mqtt::append_publish(out, 7, "topic", std::string(300, 'x'));
  expect_waits_for_all_of(as_text(out));
  mqtt::append_puback(out, 7); // what follows is not touched
  auto broken = false;
  auto x = mqtt::first_packet(out, broken);
  ASSERT_TRUE(x);
  EXPECT_EQ(x->bytes, out.size() - 4);
  auto p = mqtt::read_publish(*x);
  ASSERT_TRUE(p);
  EXPECT_EQ(p->topic, "topic");
  EXPECT_EQ(p->id, 7);
  EXPECT_EQ(p->payload, std::string(300, 'x'));
}

TEST(mqtt_test, refuses_a_length_of_five_bytes) {
  auto broken = false;
  EXPECT_FALSE(mqtt::first_packet(
    as_bytes(std::string_view{"\x30\xff\xff\xff\xff\x01"}), broken));
  EXPECT_TRUE(broken);
}

TEST(mqtt_test, refuses_a_topic_that_is_longer_than_its_packet) {
  auto broken = false;
  std::string text("\x32\x04\0\x09\0\1", 6);
  auto x = mqtt::first_packet(as_bytes(text), broken);
  ASSERT_TRUE(x);
  EXPECT_FALSE(mqtt::read_publish(*x));
}

TEST(nats_test, reads_lines_and_payloads_one_after_the_other) {
  std::string text = "PONG\r\nMSG a.b 1 5\r\nhe\r\no\r\n+OK\r\n";
  auto broken = false;
  auto x = nats::first_line(text, broken);
  ASSERT_TRUE(x);
  EXPECT_EQ(x->word, "PONG");
  text.erase(0, x->bytes);
  x = nats::first_line(text, broken);
  ASSERT_TRUE(x);
  EXPECT_EQ(x->word, "MSG");
  EXPECT_EQ(x->payload, "he\r\no");
  text.erase(0, x->bytes);
  x = nats::first_line(text, broken);
  ASSERT_TRUE(x);
  EXPECT_EQ(x->word, "+OK");
  EXPECT_FALSE(broken);
}

TEST(nats_test, waits_for_the_whole_payload) {
  std::string_view text = "MSG t 1 3\r\nabc\r\n";
  auto broken = false;
  for (std::size_t n = 0; n < text.size(); ++n)
    EXPECT_FALSE(nats::first_line(text.substr(0, n), broken)) << n;
  EXPECT_FALSE(broken);
  EXPECT_TRUE(nats::first_line(text, broken));
}

TEST(nats_test, refuses_a_message_without_a_size) {
  auto broken = false;
  EXPECT_FALSE(nats::first_line("MSG t 1 x\r\n", broken));
  EXPECT_TRUE(broken);
}

TEST(nats_test, writes_a_message_with_its_size) {
  byte_vector out;
  nats::append_publish(out, "a.b", "hello");
  EXPECT_EQ(text_of(out), "PUB a.b 5\r\nhello\r\n");
}

} // namespace jindou::bench
