#include "messages/limits.hpp"
#include "messages/wire/codec.hpp"
#include "tests/unit/messages/wire/hex.hpp"

#include <gtest/gtest.h>

#include <string>

namespace jindou::wire {

namespace {

/// "more", the name of an error, or "" for a frame.
std::string outcome(byte_span input, std::uint8_t version = 5) {
  auto result = decode(input, version);
  if (std::holds_alternative<need_more>(result))
    return "more";
  if (auto* e = std::get_if<errc>(&result))
    return std::string{to_string(*e)};
  return "";
}

std::string outcome(std::string_view hex) {
  return outcome(from_hex(hex));
}

/// A header that announces `size` bytes of SEND.
byte_vector send_header(std::size_t size) {
  byte_vector bytes{std::byte{0x30}};
  for (; size > 0x7f; size >>= 7)
    bytes.push_back(static_cast<std::byte>(0x80 | (size & 0x7f)));
  bytes.push_back(static_cast<std::byte>(size));
  return bytes;
}

template <class Frame>
Frame decoded_as(byte_span input, std::uint8_t version = 5) {
  auto result = decode(input, version);
  auto* d = std::get_if<decoded>(&result);
  if (d == nullptr || !std::holds_alternative<Frame>(d->frame)) {
    ADD_FAILURE() << "not decoded: " << to_hex(input);
    return {};
  }
  EXPECT_EQ(d->bytes, input.size());
  return std::get<Frame>(d->frame);
}

} // namespace

TEST(codec_test, waits_for_more_when_there_is_nothing) {
  EXPECT_EQ(outcome(""), "more");
}

TEST(codec_test, refuses_the_types_that_are_not_defined) {
  for (auto* hex : {"00", "0f00", "d0", "e00100", "f0020000"})
    EXPECT_EQ(outcome(hex), "malformed") << hex;
}

TEST(codec_test, refuses_a_length_that_goes_on_after_its_fourth_byte) {
  EXPECT_EQ(outcome("30ffffff"), "more");
  EXPECT_EQ(outcome("30ffffffff"), "malformed");
  EXPECT_EQ(outcome("3080808080"), "malformed");
}

TEST(codec_test, refuses_a_frame_longer_than_the_limit_at_its_header) {
  EXPECT_EQ(outcome(send_header(limits::frame_body_bytes_max)), "more");
  EXPECT_EQ(outcome(send_header(limits::frame_body_bytes_max + 1)),
            "too_large");
}

TEST(codec_test, accepts_a_length_that_is_not_minimal) {
  auto f = decoded_as<disconnect_frame>(from_hex("908380000c0000"));
  EXPECT_EQ(f.reason, 12);
}

TEST(codec_test, ignores_surplus_bytes_at_the_end_of_a_body) {
  auto f = decoded_as<sendack_frame>(
    from_hex("40120000000000000001000000010000000201ff"));
  EXPECT_EQ(f.message_id, 1);
  EXPECT_EQ(f.message_seq, 2U);
}

TEST(codec_test, refuses_a_text_with_a_negative_length) {
  byte_vector bytes = send_header(3 + 0x8000);
  bytes[0] = std::byte{0x90}; // DISCONNECT
  for (auto b : {0x0c, 0x80, 0x00})
    bytes.push_back(static_cast<std::byte>(b));
  bytes.resize(bytes.size() + 0x8000);
  EXPECT_EQ(outcome(bytes), "malformed");
}

TEST(codec_test, takes_a_ping_with_any_flags_and_writes_none) {
  EXPECT_TRUE(std::holds_alternative<ping_frame>(
    std::get<decoded>(decode(from_hex("7b"), 5)).frame));
  byte_vector out;
  EXPECT_EQ(encode(ping_frame{}, 5, out), errc::none);
  EXPECT_EQ(encode(pong_frame{}, 1, out), errc::none);
  EXPECT_EQ(to_hex(out), "7080");
}

TEST(codec_test, cuts_the_first_of_several_frames) {
  auto input = from_hex("7030150000");
  auto d = std::get<decoded>(decode(input, 5));
  EXPECT_EQ(d.bytes, 1U);
  EXPECT_EQ(outcome(byte_span{input}.subspan(1)), "more");
}

TEST(codec_test, keeps_the_version_flag_of_connack_apart_from_other_flags) {
  connack_frame f;
  f.has_server_version = true;
  f.server_version = 5;
  f.node_id = 7;
  byte_vector out;
  ASSERT_EQ(encode(f, 5, out), errc::none);
  EXPECT_EQ(out[0], std::byte{0x21});
  out[0] = std::byte{0x2f}; // flags that CONNACK does not have
  EXPECT_EQ(decoded_as<connack_frame>(out), f);
}

TEST(codec_test, writes_stream_fields_only_from_version_2_to_4) {
  send_frame f;
  f.setting = setting::stream;
  f.stream_no = "st";
  byte_vector plain;
  encode(f, 1, plain);
  byte_vector with;
  encode(f, 2, with);
  EXPECT_EQ(with.size(), plain.size() + 4);
  byte_vector latest;
  encode(f, 5, latest);
  EXPECT_EQ(latest.size(), plain.size() + 4); // the expire field
  EXPECT_EQ(decoded_as<send_frame>(latest).stream_no, "");
  EXPECT_EQ(decoded_as<send_frame>(with, 2).stream_no, "st");
}

TEST(codec_test, refuses_to_write_a_text_above_its_limit) {
  std::string name(limits::wire_string_bytes_max, 'n');
  disconnect_frame f;
  f.reason_text = name;
  byte_vector out{std::byte{1}};
  EXPECT_EQ(encode(f, 5, out), errc::none);
  EXPECT_EQ(decoded_as<disconnect_frame>(byte_span{out}.subspan(1)), f);
  name += 'n';
  f.reason_text = name;
  out.resize(1);
  EXPECT_EQ(encode(f, 5, out), errc::too_large);
  EXPECT_EQ(out.size(), 1U);
}

TEST(codec_test, writes_a_body_up_to_the_limit_and_refuses_a_longer_one) {
  std::string data(limits::frame_body_bytes_max - 12, 'd');
  event_frame f;
  f.data = data;
  byte_vector out;
  ASSERT_EQ(encode(f, 5, out), errc::none);
  EXPECT_EQ(decoded_as<event_frame>(out), f);
  data += 'd';
  f.data = data;
  EXPECT_EQ(encode(f, 5, out), errc::too_large);
  EXPECT_EQ(out.size(), limits::frame_body_bytes_max + 4);
}

} // namespace jindou::wire
