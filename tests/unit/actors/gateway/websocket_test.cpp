#include "actors/gateway/websocket_handshake.hpp"
#include "tests/unit/actors/gateway/gateway_fixture.hpp"

#include <gtest/gtest.h>

#include <string>

using namespace jindou;
using namespace jindou::test;
using actors::websocket::handshake;
using actors::websocket::read_handshake;

namespace {

std::string request(const std::string& headers,
                    const std::string& line = "GET / HTTP/1.1") {
  return line + "\r\nHost: h\r\n" + headers + "\r\n";
}

const std::string usual = "Upgrade: WebSocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Version: 13\r\n"
                          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

class websocket_test : public gateway_fixture {};

} // namespace

// -- the request --------------------------------------------------------------

TEST(websocket_handshake_test, knows_the_key_of_the_standard) {
  EXPECT_EQ(actors::websocket::accept_key("dGhlIHNhbXBsZSBub25jZQ=="),
            "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST(websocket_handshake_test, accepts_any_path_and_waits_for_the_end) {
  auto text = request(usual, "GET /a/b?c=d HTTP/1.1");
  for (std::size_t n = 0; n < text.size(); ++n)
    ASSERT_EQ(read_handshake(text.substr(0, n)).what, handshake::verdict::more);
  auto x = read_handshake(text + "rest");
  EXPECT_EQ(x.what, handshake::verdict::accepted);
  EXPECT_EQ(x.taken, text.size());
  EXPECT_EQ(x.response.find("Extensions"), std::string::npos);
}

TEST(websocket_handshake_test, refuses_what_is_no_upgrade) {
  auto refused = [](const std::string& text, std::string_view status) {
    auto x = read_handshake(text);
    EXPECT_EQ(x.what, handshake::verdict::refused) << text;
    EXPECT_TRUE(x.response.starts_with(status)) << x.response;
  };
  refused(request(""), "HTTP/1.1 400 ");
  refused(request(usual, "POST / HTTP/1.1"), "HTTP/1.1 400 ");
  refused(request(usual, "GET / HTTP/1.0"), "HTTP/1.1 400 ");
  refused("\x10\x20\r\n\r\n", "HTTP/1.1 400 ");
  auto old = usual;
  old.replace(old.find("13"), 2, "12");
  refused(request(old), "HTTP/1.1 426 ");
  auto short_key = usual;
  short_key.replace(short_key.find("dGhl"), 4, "");
  refused(request(short_key), "HTTP/1.1 400 ");
  refused("GET /" + std::string(9'000, 'x'), "HTTP/1.1 431 ");
}

TEST(websocket_handshake_test, takes_the_address_that_a_proxy_left) {
  auto client = [](const std::string& headers) {
    auto x = read_handshake(request(usual + headers));
    return x.client_address + ":" + std::to_string(x.client_port);
  };
  EXPECT_EQ(client(""), ":0");
  EXPECT_EQ(client("X-Forwarded-For: 1.2.3.4\r\nX-Real-IP: 5.6.7.8\r\n"),
            "1.2.3.4:0");
  EXPECT_EQ(client("X-Real-IP: 5.6.7.8\r\nX-Real-Port: 99\r\n"), "5.6.7.8:99");
  EXPECT_EQ(client("X-Forwarded-For: <script>\r\n"), ":0");
}

TEST(websocket_handshake_test, takes_no_address_that_the_client_made_up) {
  auto client = [](const std::string& headers) {
    return read_handshake(request(usual + headers)).client_address;
  };
  // What the proxy has added comes last, in the list or as another field.
  EXPECT_EQ(client("X-Forwarded-For: 6.6.6.6, 1.2.3.4\r\n"), "1.2.3.4");
  EXPECT_EQ(client("X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 1.2.3.4\r\n"),
            "1.2.3.4");
  EXPECT_EQ(client("X-Forwarded-For: 1.2.3.4:5\r\nX-Real-IP: 6.6.6.6\r\n"), "");
  EXPECT_EQ(client("X-Forwarded-For: ,\r\nX-Real-IP: 6.6.6.6\r\n"), "");
}

// -- on a socket --------------------------------------------------------------

TEST_F(websocket_test, logs_in_and_answers_one_frame_per_message) {
  options.trusted_proxies = "127.0.0.1";
  start();
  test_client client{door->ws_address()};
  client.upgrade("X-Forwarded-For: 9.8.7.6\r\nX-Real-Port: 5\r\n");
  client.login("wukong"); // reads with the check
  client.send_message(0x82, bytes_of(send_of(1)) + bytes_of(send_of(2)));
  for (auto seq : {1u, 2u}) {
    auto f = client.read();
    ASSERT_TRUE(f);
    EXPECT_EQ(std::get<wire::sendack_frame>(*f).client_seq, seq);
  }
  std::lock_guard guard{mx};
  EXPECT_EQ(batches[0]->content.from->transport().remote_address, "9.8.7.6:5");
}

TEST_F(websocket_test, joins_fragments_and_parts_of_frames) {
  start();
  test_client client{door->ws_address()};
  client.upgrade();
  client.login("wukong");
  auto bytes = byte_vector{bytes_of(send_of(1))};
  byte_span all{bytes};
  client.send_message(0x02, all.first(3)); // binary, not the last
  client.send_message(0x89, as_bytes("between"));
  client.send_message(0x00, all.subspan(3, 2));
  client.send_message(0x80, all.subspan(5, 5));
  client.send_message(0x81, all.subspan(10)); // the rest as a text
  auto [first, payload] = client.read_message();
  EXPECT_EQ(first, 0x8au);
  EXPECT_EQ(payload, "between");
  auto f = client.read();
  ASSERT_TRUE(f);
  EXPECT_EQ(std::get<wire::sendack_frame>(*f).client_seq, 1u);
}

TEST_F(websocket_test, takes_frames_that_follow_the_request_at_once) {
  start();
  test_client plain{door->ws_address()};
  auto f = bytes_of(connect_of("wukong"));
  auto text = request(usual);
  byte_vector message{std::byte{0x82}, static_cast<std::byte>(0x80 | f.size())};
  message.resize(6); // a mask of zeros
  plain.send(byte_vector(as_bytes(text).begin(), as_bytes(text).end()) + message
             + f);
  wait_until([this] { return batches.size() == 1; });
  EXPECT_EQ(batches[0]->content.uid, "wukong");
}

TEST_F(websocket_test, answers_a_close_and_closes) {
  start();
  test_client client{door->ws_address()};
  client.upgrade();
  client.login("wukong");
  client.send_message(0x88, as_bytes(std::string{"\x03\xe8 bye", 6}));
  auto [first, payload] = client.read_message();
  EXPECT_EQ(first, 0x88u);
  EXPECT_EQ(payload, (std::string{"\x03\xe8 bye", 6}));
  EXPECT_EQ(client.read_all(), "");
  client.close();
  wait_until([this] { return closed_count == 1; });
}

TEST_F(websocket_test, closes_with_1002_after_what_came_before) {
  start();
  test_client client{door->ws_address()};
  client.upgrade();
  client.login("wukong");
  client.send_message(0x82, bytes_of(send_of(1)));
  ASSERT_TRUE(client.read());
  client.send(byte_vector{std::byte{0x82}, std::byte{0x01}, std::byte{0x70}});
  auto [first, payload] = client.read_message();
  EXPECT_EQ(first, 0x88u);
  EXPECT_EQ(payload, "\x03\xea");
  EXPECT_EQ(client.read_all(), "");
}

TEST_F(websocket_test, answers_a_bad_request_and_closes) {
  start();
  test_client client{door->ws_address()};
  client.send(as_bytes("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
  EXPECT_TRUE(client.read_all().starts_with("HTTP/1.1 400 "));
  EXPECT_TRUE(batches.empty());
}

TEST_F(websocket_test, answers_the_last_ping_of_a_read) {
  start();
  test_client client{door->ws_address()};
  client.upgrade();
  client.login("wukong");
  byte_vector pings;
  for (std::string text : {"a", "b", "c"}) {
    // A frame of one byte under a mask of zeros.
    for (auto x : {0x89, 0x81, 0, 0, 0, 0, int{text[0]}})
      pings.push_back(static_cast<std::byte>(x));
  }
  client.send(pings);
  auto [first, payload] = client.read_message();
  EXPECT_EQ(first, 0x8aU);
  EXPECT_EQ(payload.back(), 'c');
}
