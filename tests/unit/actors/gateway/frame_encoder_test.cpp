#include "actors/gateway/frame_encoder.hpp"
#include "actors/gateway/websocket_framing.hpp"
#include "messages/limits.hpp"
#include "messages/wire/codec.hpp"

#include <gtest/gtest.h>

#include <string>

using namespace jindou;
using actors::append_frame;

namespace {

byte_vector plain(const wire::frame& f) {
  byte_vector res;
  EXPECT_EQ(append_frame(5, false, f, res), errc::none);
  return res;
}

wire::recv_frame recv_of(std::string_view payload) {
  wire::recv_frame f;
  f.channel_id = "ch";
  f.payload = payload;
  return f;
}

} // namespace

TEST(frame_encoder_test, writes_the_bytes_of_the_codec_on_tcp) {
  wire::frame f = recv_of("hello");
  byte_vector expected;
  ASSERT_EQ(wire::encode(f, 5, expected), errc::none);
  EXPECT_EQ(plain(f), expected);
}

TEST(frame_encoder_test, puts_one_head_before_each_frame_on_websocket) {
  // payloads that make the frame cross both steps of the head
  for (std::size_t n :
       {0u, 1u, 70u, 80u, 90u, 100u, 65'400u, 65'480u, 65'600u, 200'000u}) {
    std::string payload(n, 'x');
    wire::frame f = recv_of(payload);
    auto body = plain(f);
    byte_vector out{std::byte{42}};
    session_identity who;
    who.version = 5;
    ASSERT_EQ(append_frame(who, true, f, out), errc::none);
    ASSERT_EQ(append_frame(who, true, wire::ping_frame{}, out), errc::none);
    byte_vector expected{std::byte{42}};
    auto head = actors::websocket::head_size(body.size());
    expected.resize(1 + head);
    actors::websocket::write_head(actors::websocket::opcode::binary,
                                  body.size(), expected.data() + 1);
    expected.insert(expected.end(), body.begin(), body.end());
    for (auto b : {0x82, 0x01, 0x70})
      expected.push_back(static_cast<std::byte>(b));
    EXPECT_EQ(out, expected) << "payload of " << n;
  }
}

TEST(frame_encoder_test, leaves_the_output_alone_if_a_frame_is_too_long) {
  std::string payload(limits::frame_body_bytes_max, 'x');
  for (auto websocket : {false, true}) {
    byte_vector out{std::byte{1}, std::byte{2}};
    auto before = out;
    EXPECT_EQ(append_frame(5, websocket, recv_of(payload), out),
              errc::too_large);
    EXPECT_EQ(out, before);
  }
}

TEST(frame_encoder_test, returns_a_single_frame_as_one_block) {
  auto block = actors::encoded_frame(5, true, wire::pong_frame{});
  ASSERT_EQ(block.size(), 3u);
  EXPECT_EQ(block.data()[2], std::byte{0x80});
  std::string payload(limits::frame_body_bytes_max, 'x');
  EXPECT_EQ(actors::encoded_frame(5, true, recv_of(payload)).size(), 0u);
}

TEST(frame_encoder_test, writes_texts_for_those_who_speak_them) {
  session_identity who;
  who.json_rpc = true;
  byte_vector out;
  EXPECT_EQ(append_frame(who, false, wire::pong_frame{}, out, "7"), errc::none);
  EXPECT_EQ(append_frame(who, true, wire::pong_frame{}, out, "8"), errc::none);
  EXPECT_EQ(append_frame(who, true, wire::sub_frame{}, out), errc::unsupported);
  EXPECT_EQ(as_text(out), "{\"jsonrpc\":\"2.0\",\"id\":\"7\"}"
                          "\x81\x1a{\"jsonrpc\":\"2.0\",\"id\":\"8\"}");
}

TEST(frame_encoder_test, makes_an_error_of_a_refused_login) {
  wire::connack_frame f;
  f.reason = 2;
  EXPECT_EQ(as_text(actors::encoded_text("c", false, f).span()),
            R"({"jsonrpc":"2.0","id":"c","error":{"code":0,)"
            R"("message":"connect refused: reasonCode 2"}})");
  f.reason = 1;
  EXPECT_EQ(as_text(actors::encoded_text("c", false, f).span()),
            R"({"jsonrpc":"2.0","id":"c","result":{"reasonCode":1,)"
            R"("nodeId":0}})");
}
