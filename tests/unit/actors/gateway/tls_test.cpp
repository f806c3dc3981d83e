#include "tests/support/temp_folder.hpp"
#include "tests/unit/actors/gateway/gateway_fixture.hpp"
#include "tests/unit/actors/gateway/tls_client.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

using namespace jindou;
using namespace jindou::test;
using namespace std::chrono_literals;

namespace {

class tls_test : public gateway_fixture {
protected:
  tls_test() {
    options.tls_addr = "127.0.0.1:0";
    options.wss_addr = "wss://127.0.0.1:0";
    options.tls_cert_file = folder / "cert.pem";
    options.tls_key_file = folder / "key.pem";
    certify("first");
  }

  void certify(const std::string& name, int days = 1) {
    write_certificate(options.tls_cert_file, options.tls_key_file, name, days);
  }

  void write(const std::string& path, const std::string& text) {
    std::ofstream{path} << text;
  }

  /// What a gateway with these options says when it is started.
  std::string fault() {
    return actors::gateway{options}.start();
  }

  static void expect_answers(tls_client& client, std::uint32_t seq) {
    client.send(bytes_of(send_of(seq)));
    auto f = client.read();
    ASSERT_TRUE(f);
    EXPECT_EQ(std::get<wire::sendack_frame>(*f).client_seq, seq);
  }

  static void login(tls_client& client, std::string_view uid) {
    client.send(bytes_of(connect_of(uid)));
    auto f = client.read();
    ASSERT_TRUE(f);
    EXPECT_EQ(std::get<wire::connack_frame>(*f).reason, 1);
  }

  /// Pushes a RECV `n` times, more than a socket takes at once, and reads all.
  void expect_pushes(tls_client& client, const std::string& payload, int n) {
    wire::recv_frame recv;
    recv.payload = payload;
    auto to = session_of("wukong");
    auto block = actors::encoded_frame(5, false, recv);
    for (auto i = 0; i < n; ++i)
      ASSERT_NE(to->send(block, to), session::pushed::full);
    for (auto i = 0; i < n; ++i) {
      auto f = client.read();
      ASSERT_TRUE(f);
      EXPECT_EQ(std::get<wire::recv_frame>(*f).payload, payload);
    }
  }

  temp_folder folder;
};

} // namespace

TEST_F(tls_test, speaks_1_2_and_1_3) {
  start();
  for (auto version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    tls_client client{door->tls_address(), {version}};
    ASSERT_TRUE(client.secured());
    EXPECT_EQ(client.version(), version);
    EXPECT_EQ(client.server_name(), "first");
    login(client, "wukong");
    expect_answers(client, 7);
  }
  EXPECT_EQ(count(counter::tls_handshakes), 2u);
}

TEST_F(tls_test, refuses_older_versions) {
  start();
  for (auto version : {TLS1_VERSION, TLS1_1_VERSION}) {
    tls_client client{door->tls_address(), {version}};
    EXPECT_FALSE(client.secured());
  }
  test_client clear{door->tls_address()};
  clear.send(bytes_of(connect_of("wukong")));
  clear.read_all(); // perhaps an alert, then the end
  EXPECT_TRUE(batches.empty());
  EXPECT_EQ(count(counter::tls_handshakes_failed), 3u);
}

TEST_F(tls_test, does_not_renegotiate_but_updates_keys) {
  start();
  tls_client old{door->tls_address(), {TLS1_2_VERSION}};
  login(old, "old");
  EXPECT_FALSE(old.renew_keys());
  tls_client fresh{door->tls_address(), {TLS1_3_VERSION}};
  login(fresh, "fresh");
  EXPECT_TRUE(fresh.renew_keys());
  expect_answers(fresh, 1);
}

TEST_F(tls_test, carries_large_blocks_both_ways) {
  start();
  tls_client client{door->tls_address()};
  login(client, "wukong");
  std::string payload(300'000, 'p');
  client.send(bytes_of(send_of(1, payload)));
  auto f = client.read();
  ASSERT_TRUE(f);
  EXPECT_EQ(std::get<wire::sendack_frame>(*f).client_seq, 1u);
  expect_pushes(client, payload, 10);
}

TEST_F(tls_test, writes_small_records_to_who_asks_for_them) {
  start();
  tls_client::rules small;
  small.record_size = TLSEXT_max_fragment_length_512;
  tls_client client{door->tls_address(), small};
  login(client, "wukong");
  expect_pushes(client, std::string(100'000, 'p'), 30);
}

TEST_F(tls_test, closes_on_a_slow_reader_between_two_frames) {
  options.outbox_bytes_max = 1 << 20;
  start();
  tls_client client{door->tls_address()};
  login(client, "wukong");
  wire::recv_frame recv;
  std::string payload(50'000, 'p');
  recv.payload = payload;
  auto block = actors::encoded_frame(5, false, recv);
  auto to = session_of("wukong");
  auto outcome = session::pushed::queued;
  for (auto i = 0; i < 10'000 && outcome != session::pushed::full; ++i)
    outcome = to->send(block, to);
  EXPECT_EQ(outcome, session::pushed::full);
  while (auto f = client.read()) {
    ASSERT_TRUE(std::holds_alternative<wire::recv_frame>(*f));
    EXPECT_EQ(std::get<wire::recv_frame>(*f).payload, payload);
  }
  EXPECT_EQ(client.read_all(), "");
  EXPECT_TRUE(client.ended_in_order());
}

TEST_F(tls_test, carries_websocket_and_json) {
  start();
  tls_client ws{door->wss_address()};
  ASSERT_TRUE(ws.secured());
  ws.send(as_bytes("GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n"
                   "Connection: Upgrade\r\nSec-WebSocket-Version: 12\r\n"
                   "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
  EXPECT_TRUE(ws.read_all().starts_with("HTTP/1.1 426 "));
  EXPECT_TRUE(ws.ended_in_order());
  tls_client json{door->tls_address()};
  json.send(as_bytes(R"({"id":"1","method":"connect","params":{"uid":" "}})"));
  EXPECT_EQ(json.read_all(), "");
}

TEST_F(tls_test, closes_who_does_not_shake_hands_in_time) {
  options.tls_handshake_timeout = 50ms;
  options.hello_timeout = 1h;
  start();
  test_client client{door->tls_address()};
  client.send(byte_vector{std::byte{0x16}, std::byte{0x03}});
  EXPECT_EQ(client.read_all(), "");
  EXPECT_EQ(count(counter::tls_handshakes_failed), 1u);
}

TEST_F(tls_test, closes_who_says_nothing_after_the_handshake) {
  options.hello_timeout = 50ms;
  start();
  tls_client client{door->tls_address()};
  ASSERT_TRUE(client.secured());
  EXPECT_EQ(client.read_all(), "");
}

TEST_F(tls_test, takes_a_proxy_header_before_the_handshake) {
  options.trusted_proxies = "127.0.0.1";
  start();
  tls_client client{
    door->tls_address(), {}, "PROXY TCP4 1.2.3.4 5.6.7.8 4711 5100\r\n"};
  ASSERT_TRUE(client.secured());
  login(client, "wukong");
  std::lock_guard guard{mx};
  EXPECT_EQ(batches[0]->content.from->transport().remote_address,
            "1.2.3.4:4711");
}

// -- certificates -------------------------------------------------------------

TEST_F(tls_test, takes_a_new_certificate_and_keeps_connections) {
  start();
  tls_client before{door->tls_address()};
  login(before, "before");
  certify("second");
  EXPECT_EQ(door->reload_certificates(), "");
  tls_client after{door->tls_address()};
  EXPECT_EQ(after.server_name(), "second");
  EXPECT_EQ(before.server_name(), "first");
  expect_answers(before, 1);
}

TEST_F(tls_test, keeps_the_old_certificate_when_the_new_one_is_bad) {
  start();
  write(options.tls_cert_file, "nonsense");
  auto wrong = door->reload_certificates();
  EXPECT_TRUE(wrong.starts_with("certificate file '" + options.tls_cert_file))
    << wrong;
  tls_client client{door->tls_address()};
  EXPECT_EQ(client.server_name(), "first");
}

TEST_F(tls_test, says_what_is_wrong_with_its_files) {
  auto right = options;
  options.tls_cert_file = "";
  EXPECT_EQ(fault(), "certificate file is not given");
  options = right;
  options.tls_key_file = folder / "none.pem";
  EXPECT_EQ(fault(), "key file '" + options.tls_key_file + "' cannot be read");
  options = right;
  options.tls_key_file = folder / "other.pem";
  write_certificate(folder / "other-cert.pem", options.tls_key_file, "other");
  EXPECT_TRUE(fault().starts_with("key file '" + options.tls_key_file))
    << fault();
  options = right;
  write(options.tls_key_file, "nonsense");
  EXPECT_TRUE(fault().starts_with("key file '" + options.tls_key_file));
  options.tls_addr = options.wss_addr = "";
  EXPECT_EQ(fault(), ""); // not used, not looked at
}

TEST_F(tls_test, starts_with_a_certificate_that_is_over) {
  certify("over", -1); // the clock of the server may be the wrong one
  start();
  tls_client client{door->tls_address()};
  EXPECT_EQ(client.server_name(), "over");
}
