#include "configs/options.hpp"

#include <gtest/gtest.h>

using namespace jindou::configs;
using namespace std::chrono_literals;

namespace {

/// The key that validate blames, or "" if all is well.
std::string blamed(const options& x) {
  auto verdict = validate(x);
  return verdict ? "" : verdict.error().key;
}

} // namespace

TEST(options_test, accepts_the_defaults) {
  EXPECT_EQ(blamed(options{}), "");
}

TEST(options_test, listens_on_loopback_only_until_told_otherwise) {
  options x;
  for (auto addr :
       {x.gateway.tcp_addr, x.gateway.ws_addr, x.http.addr, x.monitor.addr})
    EXPECT_EQ(addr.rfind("127.0.0.1:", 0), 0u) << addr;
}

TEST(options_test, lets_client_ports_leave_loopback) {
  options x;
  x.gateway.tcp_addr = "0.0.0.0:5100";
  x.gateway.ws_addr = "[::]:5200";
  x.http.addr = "10.0.0.1:5001";
  EXPECT_EQ(blamed(x), "");
}

TEST(options_test, refuses_an_address_that_is_none) {
  for (auto member : {&gateway_options::tcp_addr, &gateway_options::ws_addr}) {
    options x;
    x.gateway.*member = "5100";
    EXPECT_NE(blamed(x), "");
  }
  options x;
  x.http.addr = "5001";
  EXPECT_EQ(blamed(x), "http.addr");
  x = {};
  x.monitor.addr = "5300";
  EXPECT_EQ(blamed(x), "monitor.addr");
}

TEST(options_test, needs_certificate_and_key_for_tls) {
  for (auto member : {&gateway_options::tls_addr, &gateway_options::wss_addr}) {
    options x;
    x.gateway.*member = "5210";
    EXPECT_NE(blamed(x), "");
    x.gateway.*member = "0.0.0.0:5210";
    EXPECT_EQ(blamed(x), "gateway.tls-cert-file");
    x.gateway.tls_cert_file = "cert.pem";
    EXPECT_EQ(blamed(x), "gateway.tls-key-file");
    x.gateway.tls_key_file = "key.pem";
    EXPECT_EQ(blamed(x), "");
    x.gateway.*member = x.gateway.tcp_addr;
    EXPECT_NE(blamed(x), "");
  }
}

TEST(options_test, refuses_two_listeners_at_one_address) {
  options x;
  x.http.addr = x.gateway.ws_addr;
  EXPECT_EQ(blamed(x), "http.addr");
}

TEST(options_test, lets_the_system_choose_several_ports) {
  options x;
  x.gateway.tcp_addr = "127.0.0.1:0";
  x.gateway.ws_addr = "127.0.0.1:0";
  x.http.addr = "127.0.0.1:0";
  EXPECT_EQ(blamed(x), "");
}

TEST(options_test, refuses_times_that_contradict_each_other) {
  options x;
  x.gateway.first_frame_time = 5s;
  EXPECT_EQ(blamed(x), "gateway.first-frame-time");
  x = {};
  x.message_retry.interval = 1s;
  EXPECT_EQ(blamed(x), "message-retry.scan-interval");
  x = {};
  x.storage.cut_age = 31s;
  EXPECT_EQ(blamed(x), "storage.cut-age");
}

TEST(options_test, refuses_a_duplicate_window_that_is_no_power_of_two) {
  options x;
  x.storage.dedupe_records = 100'000;
  EXPECT_EQ(blamed(x), "storage.dedupe-records");
}
