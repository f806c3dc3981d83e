#include "actors/gateway/websocket_framing.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

using namespace jindou;
namespace ws = actors::websocket;
using event = ws::reader::event;

namespace {

/// One frame as a client sends it.
byte_vector frame(unsigned first, std::string_view payload) {
  byte_vector res;
  auto put
    = [&](std::uint64_t x) { res.push_back(static_cast<std::byte>(x & 0xff)); };
  put(first);
  if (payload.size() < 126) {
    put(0x80 | payload.size());
  } else if (payload.size() <= 0xffff) {
    put(0x80 | 126);
    put(payload.size() >> 8);
    put(payload.size());
  } else {
    put(0x80 | 127);
    for (int shift = 56; shift >= 0; shift -= 8)
      put(payload.size() >> shift);
  }
  constexpr unsigned mask[] = {0xa1, 0x02, 0x7f, 0xee};
  for (auto m : mask)
    put(m);
  for (std::size_t i = 0; i < payload.size(); ++i)
    put(static_cast<unsigned char>(payload[i]) ^ mask[i & 3]);
  return res;
}

struct seen {
  std::string stream;
  std::string events; // one letter each, with the payload behind it
};

/// Reads `input` in pieces of at most `step` bytes, in place.
seen read_all(byte_vector input, std::size_t step) {
  ws::reader aut;
  seen res;
  for (std::size_t at = 0; at < input.size();) {
    auto n = std::min(step, input.size() - at);
    std::size_t done = 0;
    while (done < n) {
      auto* from = input.data() + at + done;
      auto out = aut.read({from, n - done}, from);
      res.stream += as_text({from, out.written});
      done += out.taken;
      if (out.what == event::broken) {
        res.events += "!";
        return res;
      }
      if (out.what != event::more) {
        res.events += out.what == event::ping    ? 'p'
                      : out.what == event::close ? 'c'
                                                 : 'o';
        res.events += as_text(aut.control());
      }
    }
    at += n;
  }
  return res;
}

byte_vector operator+(byte_vector x, const byte_vector& y) {
  x.insert(x.end(), y.begin(), y.end());
  return x;
}

} // namespace

TEST(websocket_framing_test, writes_heads_of_2_4_and_10_bytes) {
  auto head = [](std::size_t n) {
    byte_vector res(ws::head_size(n));
    ws::write_head(ws::opcode::binary, n, res.data());
    std::string hex;
    for (auto b : res) {
      char text[3];
      std::snprintf(text, sizeof(text), "%02x", std::to_integer<unsigned>(b));
      hex += text;
    }
    return hex;
  };
  EXPECT_EQ(head(0), "8200");
  EXPECT_EQ(head(125), "827d");
  EXPECT_EQ(head(126), "827e007e");
  EXPECT_EQ(head(65'535), "827effff");
  EXPECT_EQ(head(65'536), "827f0000000000010000");
}

TEST(websocket_framing_test, cuts_the_payload_of_a_control_frame) {
  byte_vector out;
  ws::append_control(ws::opcode::pong, byte_vector(200), out);
  EXPECT_EQ(out.size(), 2 + ws::control_bytes_max);
  out.clear();
  ws::append_close(ws::close_protocol_error, out);
  EXPECT_EQ(out, (byte_vector{std::byte{0x88}, std::byte{2}, std::byte{3},
                              std::byte{0xea}}));
}

TEST(websocket_framing_test, joins_messages_and_fragments_to_one_stream) {
  auto input = frame(0x82, "one,") + frame(0x01, "t") + frame(0x89, "ping")
               + frame(0x00, "w") + frame(0x80, "o,") + frame(0x81, "")
               + frame(0x8a, "") + frame(0x82, std::string(300, 'x'))
               + frame(0x82, std::string(70'000, 'y')) + frame(0x88, "");
  for (std::size_t step : {1u, 2u, 3u, 7u, 64u, 100'000u}) {
    auto res = read_all(input, step);
    EXPECT_EQ(res.stream,
              "one,two," + std::string(300, 'x') + std::string(70'000, 'y'))
      << "in steps of " << step;
    EXPECT_EQ(res.events, "ppingoc");
  }
}

TEST(websocket_framing_test, refuses_what_the_protocol_forbids) {
  auto unmasked = byte_vector{std::byte{0x82}, std::byte{1}, std::byte{7}};
  EXPECT_EQ(read_all(unmasked, 9).events, "!");
  EXPECT_EQ(read_all(frame(0xc2, "x"), 99).events, "!"); // reserved bit
  EXPECT_EQ(read_all(frame(0x83, "x"), 99).events, "!"); // unknown opcode
  EXPECT_EQ(read_all(frame(0x8b, "x"), 99).events, "!");
  EXPECT_EQ(read_all(frame(0x09, "x"), 99).events, "!"); // ping in pieces
  EXPECT_EQ(read_all(frame(0x89, std::string(126, 'x')), 999).events, "!");
  EXPECT_EQ(read_all(frame(0x80, "x"), 99).events, "!"); // nothing goes on
  EXPECT_EQ(read_all(frame(0x02, "x") + frame(0x82, "y"), 99).events, "!");
  EXPECT_EQ(read_all(frame(0x88, "x"), 99).events, "!"); // half a close code
}

TEST(websocket_framing_test, refuses_a_frame_that_is_too_long_at_its_head) {
  auto head = frame(0x82, std::string(70'000, 'x'));
  head.resize(14);
  head[2] = std::byte{0x80}; // a length of more than 2^63
  EXPECT_EQ(read_all(head, 99).events, "!");
}

TEST(websocket_framing_test, survives_random_bytes) {
  std::mt19937 rng{7};
  for (int round = 0; round < 2'000; ++round) {
    byte_vector input(rng() % 400);
    for (auto& b : input)
      b = static_cast<std::byte>(rng());
    if (input.size() > 1)
      input[1] |= std::byte{0x80};
    auto whole = read_all(input, 1'000);
    auto split = read_all(input, 1 + rng() % 5);
    EXPECT_EQ(whole.stream, split.stream);
    EXPECT_EQ(whole.events, split.events);
  }
}
