#include "actors/gateway/address_list.hpp"

#include <gtest/gtest.h>

using jindou::actors::address_list;

namespace {

bool contains(const char* list, const char* address) {
  auto x = address_list::parse(list);
  EXPECT_TRUE(x) << list;
  return x && x->contains(boost::asio::ip::make_address(address));
}

} // namespace

TEST(address_list_test, holds_addresses_and_networks_of_both_families) {
  auto* list = "10.0.0.0/8,192.168.1.5 , fd00::/8,\t2001:db8::1";
  for (auto* x : {"10.0.0.0", "10.255.255.255", "192.168.1.5", "fd12::3",
                  "2001:db8::1", "::ffff:10.1.2.3"})
    EXPECT_TRUE(contains(list, x)) << x;
  for (auto* x :
       {"11.0.0.0", "192.168.1.4", "fe00::1", "2001:db8::2", "::10.1.2.3"})
    EXPECT_FALSE(contains(list, x)) << x;
}

TEST(address_list_test, compares_single_bits) {
  EXPECT_TRUE(contains("172.16.0.0/12", "172.31.255.255"));
  EXPECT_FALSE(contains("172.16.0.0/12", "172.32.0.0"));
  EXPECT_TRUE(contains("0.0.0.0/0", "8.8.8.8"));
  EXPECT_FALSE(contains("0.0.0.0/0", "2001:db8::1"));
  EXPECT_TRUE(contains("::/0", "8.8.8.8"));
}

TEST(address_list_test, trusts_nobody_when_empty) {
  for (auto* list : {"", "  "})
    EXPECT_FALSE(contains(list, "127.0.0.1"));
}

TEST(address_list_test, names_the_entry_that_is_none) {
  for (auto* list : {"example.org", "10.0.0.0/33", "10.0.0.0/", "fd00::/129",
                     "10.0.0.1,", ",", "10.0.0.1 10.0.0.2", "10.0.0.0/-1"})
    EXPECT_FALSE(address_list::parse(list)) << list;
  auto x = address_list::parse("10.0.0.1, local");
  ASSERT_FALSE(x);
  EXPECT_EQ(x.error(), "'local' is no address and no network");
}
