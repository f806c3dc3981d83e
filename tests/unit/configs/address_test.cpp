#include "configs/address.hpp"

#include <gtest/gtest.h>

using namespace jindou::configs;

TEST(address_test, reads_ip_and_port) {
  auto x = parse_address("127.0.0.1:5100");
  ASSERT_TRUE(x);
  EXPECT_EQ(x->ip, "127.0.0.1");
  EXPECT_EQ(x->port, 5100);
}

TEST(address_test, reads_ipv6_in_brackets) {
  auto x = parse_address("[::1]:80");
  ASSERT_TRUE(x);
  EXPECT_EQ(x->ip, "::1");
  EXPECT_EQ(x->port, 80);
}

TEST(address_test, refuses_what_is_no_address) {
  for (auto text : {"", ":", "5100", ":5100", "1.2.3.4:", "1.2.3.4:65536",
                    "1.2.3.4:-1", "1.2.3.4:+1", "1.2.3.4:80x", "::1:80",
                    "[::1]", "[]:80", "tcp://0.0.0.0:5100", "1.2.3:80",
                    "[::1:80", "1.2.3.4: 80", "[1.2.3.4]:80", "1.2.3.256:80"})
    EXPECT_FALSE(parse_address(text)) << text;
  EXPECT_FALSE(parse_address(std::string_view{"1.2.3.4\0x:80", 12}));
  EXPECT_FALSE(parse_address(std::string(100'000, '1') + ":1"));
}

TEST(address_test, refuses_a_name_whose_meaning_may_change) {
  EXPECT_FALSE(parse_address("localhost:5100"));
}

TEST(address_test, writes_what_it_reads) {
  for (auto text : {"127.0.0.1:5100", "[::1]:80", "0.0.0.0:0"})
    EXPECT_EQ(to_string(*parse_address(text)), text);
}
