#include "actors/gateway/proxy_header.hpp"
#include "tests/unit/actors/gateway/gateway_fixture.hpp"

#include <gtest/gtest.h>

#include <string>

using namespace jindou;
using actors::proxy_header;
using actors::read_proxy_header;
using verdict = proxy_header::verdict;

namespace {

const std::string signature{"\r\n\r\n\0\r\nQUIT\n", 12};

/// Version 2 over TCP4: 1.2.3.4:4711 to 5.6.7.8:5100.
const std::string tcp4 = signature + std::string{"\x21\x11\0\x0c", 4}
                         + std::string{"\1\2\3\4\5\6\7\x8\x12\x67\x13\xec", 12};

std::string seen(const std::string& input) {
  auto x = read_proxy_header(as_bytes(input));
  if (x.what != verdict::found)
    return x.what == verdict::more ? "more" : "none";
  return x.address + ":" + std::to_string(x.port) + " after "
         + std::to_string(x.taken);
}

} // namespace

TEST(proxy_header_test, reads_a_line_of_version_1) {
  EXPECT_EQ(seen("PROXY TCP4 1.2.3.4 5.6.7.8 4711 5100\r\nrest"),
            "1.2.3.4:4711 after 38");
  EXPECT_EQ(seen("PROXY TCP6 ::1 ::2 4711 5100\r\n"), "::1:4711 after 30");
  EXPECT_EQ(seen("PROXY UNKNOWN\r\n"), ":0 after 15");
}

TEST(proxy_header_test, takes_a_line_of_107_bytes_and_none_of_108) {
  auto line = [](std::size_t n) {
    return "PROXY UNKNOWN " + std::string(n - 16, 'x') + "\r\n";
  };
  EXPECT_EQ(seen(line(107)), ":0 after 107");
  EXPECT_EQ(seen(line(107).substr(0, 106)), "more");
  // Alike, whether it comes at once or in pieces.
  EXPECT_EQ(seen(line(108)), "none");
  EXPECT_EQ(seen(line(108).substr(0, 107)), "none");
}

TEST(proxy_header_test, reads_a_block_of_version_2) {
  EXPECT_EQ(seen(tcp4 + "rest"), "1.2.3.4:4711 after 28");
  auto local = tcp4;
  local[12] = '\x20';
  EXPECT_EQ(seen(local), ":0 after 28");
  auto tcp6 = signature + std::string{"\x21\x21\0\x24", 4}
              + std::string(15, '\0') + '\1' + std::string(16, '\0')
              + "\x12\x67\x13\xec";
  EXPECT_EQ(seen(tcp6), "::1:4711 after 52");
}

TEST(proxy_header_test, waits_for_the_rest) {
  const std::string line = "PROXY TCP4 1.2.3.4 5.6.7.8 4711 5100\r\n";
  for (auto& whole : {line, tcp4})
    for (std::size_t n = 1; n < whole.size(); ++n)
      ASSERT_EQ(seen(whole.substr(0, n)), "more") << n;
}

TEST(proxy_header_test, takes_anything_else_for_a_frame) {
  EXPECT_EQ(seen("\x10\x20"), "none");
  EXPECT_EQ(seen("PRO-"), "none");
  EXPECT_EQ(seen("PROXY TCP4 1.2.3 5.6.7.8 1 2\r\n"), "none");
  EXPECT_EQ(seen("PROXY TCP4 1.2.3.4 5.6.7.8 x 2\r\n"), "none");
  EXPECT_EQ(seen("PROXY TCP4 1.2.3.4 5.6.7.8 1\r\n"), "none");
  EXPECT_EQ(seen("PROXY UDP4 1.2.3.4 5.6.7.8 1 2\r\n"), "none");
  EXPECT_EQ(seen("PROXY " + std::string(200, 'x')), "none");
  auto empty = tcp4;
  empty[15] = '\0'; // length 0
  EXPECT_EQ(seen(empty), "none");
  auto long_one = tcp4;
  long_one[14] = '\x7f';
  EXPECT_EQ(seen(long_one), "none");
  auto version3 = tcp4;
  version3[12] = '\x31';
  EXPECT_EQ(seen(version3), "none");
}

namespace {

class proxied_login_test : public test::gateway_fixture {
protected:
  proxied_login_test() {
    options.trusted_proxies = "10.0.0.0/8, 127.0.0.1";
  }

  std::string address_of_first() {
    std::lock_guard guard{mx};
    return batches.at(0)->content.from->transport().remote_address;
  }
};

const std::string line_of_1{"PROXY TCP4 1.2.3.4 5.6.7.8 4711 5100\r\n"};

} // namespace

TEST_F(proxied_login_test, drops_the_header_and_keeps_the_address) {
  start();
  test::test_client client{door->tcp_address()};
  client.send(as_bytes(tcp4.substr(0, 20)));
  client.send(as_bytes(tcp4.substr(20)));
  client.login("wukong");
  EXPECT_EQ(address_of_first(), "1.2.3.4:4711");
}

TEST_F(proxied_login_test, takes_header_and_login_in_one_piece) {
  start();
  test::test_client client{door->tcp_address()};
  auto login = test::bytes_of(test::connect_of("wukong"));
  client.send(as_bytes(line_of_1 + std::string{as_text(login)}));
  EXPECT_TRUE(client.read());
  EXPECT_EQ(address_of_first(), "1.2.3.4:4711");
}

TEST_F(proxied_login_test, takes_the_header_before_json_and_websocket) {
  start();
  test::test_client json{door->tcp_address()};
  json.send(as_bytes(
    line_of_1 + R"({"id":"1","method":"connect","params":{"uid":"u"}})"));
  EXPECT_NE(json.read_text().find("result"), std::string::npos);
  test::test_client ws{door->ws_address()};
  ws.send(as_bytes(line_of_1));
  ws.upgrade();
  ws.login("wukong");
  std::lock_guard guard{mx};
  for (auto& x : batches)
    EXPECT_EQ(x->content.from->transport().remote_address, "1.2.3.4:4711");
}

TEST_F(proxied_login_test, needs_no_header) {
  start();
  test::test_client client{door->tcp_address()};
  client.login("wukong");
  EXPECT_TRUE(address_of_first().starts_with("127.0.0.1:"));
}

TEST_F(proxied_login_test, closes_after_a_broken_header) {
  start();
  test::test_client client{door->tcp_address()};
  client.send(as_bytes("PROXY nonsense\r\n"));
  EXPECT_EQ(client.read_all(), "");
  EXPECT_TRUE(batches.empty());
}

TEST_F(proxied_login_test, believes_no_other_address) {
  options.trusted_proxies = "10.0.0.0/8";
  start();
  for (auto& header : {line_of_1, tcp4}) {
    test::test_client client{door->tcp_address()};
    client.send(as_bytes(header));
    client.send(test::connect_of("wukong"));
    EXPECT_EQ(client.read_all(), "");
  }
  test::test_client ws{door->ws_address()};
  ws.upgrade("X-Forwarded-For: 9.8.7.6\r\n");
  ws.login("wukong");
  EXPECT_TRUE(address_of_first().starts_with("127.0.0.1:"));
}

TEST_F(proxied_login_test, closes_a_proxy_that_never_says_who_it_is) {
  options.hello_timeout = std::chrono::milliseconds{50};
  start();
  test::test_client client{door->tcp_address()};
  client.send(as_bytes(line_of_1.substr(0, 10)));
  EXPECT_EQ(client.read_all(), "");
}

TEST_F(proxied_login_test, counts_the_client_and_not_its_proxy) {
  options.bounds.connections_per_ip_max = 1;
  start();
  test::test_client one{door->tcp_address()};
  one.send(as_bytes(line_of_1));
  one.login("one");
  test::test_client two{door->tcp_address()};
  two.send(as_bytes("PROXY TCP4 1.2.3.5 5.6.7.8 4711 5100\r\n"));
  two.login("two");
  test::test_client three{door->tcp_address()};
  three.send(as_bytes(line_of_1));
  three.send(test::connect_of("three"));
  EXPECT_EQ(three.read_all(), "");
  EXPECT_EQ(count(counter::connections_refused), 1u);
}

TEST_F(proxied_login_test, says_which_entry_of_the_list_is_wrong) {
  options.trusted_proxies = "10.0.0.0/8, lb.example.org";
  EXPECT_EQ(actors::gateway{options}.start(),
            "trusted-proxies: 'lb.example.org' is no address and no network");
}
