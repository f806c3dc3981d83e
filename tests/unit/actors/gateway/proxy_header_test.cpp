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
class proxied_login_test : public test::gateway_fixture {};
} // namespace

TEST_F(proxied_login_test, drops_the_header_and_keeps_the_address) {
  start();
  test::test_client client{door->tcp_address()};
  client.send(as_bytes(tcp4.substr(0, 20)));
  client.send(as_bytes(tcp4.substr(20)));
  client.login("wukong");
  std::lock_guard guard{mx};
  EXPECT_EQ(batches[0]->content.from->transport().remote_address,
            "1.2.3.4:4711");
}

TEST_F(proxied_login_test, closes_after_a_broken_header) {
  start();
  test::test_client client{door->tcp_address()};
  client.send(as_bytes("PROXY nonsense\r\n"));
  EXPECT_EQ(client.read_all(), "");
  EXPECT_TRUE(batches.empty());
}
