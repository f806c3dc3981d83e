#include "configs/address.hpp"

#include <gtest/gtest.h>

using namespace jindou::configs;

TEST(address_test, reads_host_and_port) {
  auto x = parse_address("127.0.0.1:5100");
  ASSERT_TRUE(x);
  EXPECT_EQ(x->host, "127.0.0.1");
  EXPECT_EQ(x->port, 5100);
}

TEST(address_test, reads_an_ipv6_host_in_brackets) {
  auto x = parse_address("[::1]:80");
  ASSERT_TRUE(x);
  EXPECT_EQ(x->host, "::1");
  EXPECT_EQ(x->port, 80);
}

TEST(address_test, refuses_what_is_no_address) {
  for (auto text : {"", ":", "5100", ":5100", "host:", "host:65536", "host:-1",
                    "host:+1", "host:80x", "::1:80", "[::1]", "[]:80",
                    "tcp://0.0.0.0:5100", "a b:80", "[::1:80", "host: 80"})
    EXPECT_FALSE(parse_address(text)) << text;
}

TEST(address_test, refuses_a_host_longer_than_a_dns_name) {
  EXPECT_TRUE(parse_address(std::string(253, 'a') + ":1"));
  EXPECT_FALSE(parse_address(std::string(254, 'a') + ":1"));
}

TEST(address_test, knows_loopback) {
  for (auto text : {"127.0.0.1:1", "127.9.9.9:1", "localhost:1", "[::1]:1"})
    EXPECT_TRUE(is_loopback(*parse_address(text))) << text;
  for (auto text :
       {"0.0.0.0:1", "10.0.0.1:1", "[::]:1", "127.evil.com:1", "1.127.0.0:1"})
    EXPECT_FALSE(is_loopback(*parse_address(text))) << text;
}
