#include "tests/unit/actors/http/http_fixture.hpp"

#include <chrono>
#include <string>

using namespace jindou;
using namespace jindou::actors::http;
using namespace jindou::actors::http::test;
using namespace std::chrono_literals;

namespace {

class http_listener_test : public http_fixture {
protected:
  static std::string batch(std::string_view fields, std::string_view body) {
    std::string out = "POST /route/batch HTTP/1.1\r\nHost: x\r\n"
                      "token: secret\r\n";
    return out.append(fields).append("\r\n").append(body);
  }
};

} // namespace

TEST_F(http_listener_test, answers_many_requests_on_one_connection) {
  raw_client client{api()};
  for (int i = 0; i < 5; ++i) {
    client.write(text("GET", "/health", ""));
    auto got = client.read();
    EXPECT_EQ(got.status, 200u);
    EXPECT_EQ(got.body, R"({"status":"ok"})");
  }
}

TEST_F(http_listener_test, answers_pipelined_requests_in_order) {
  raw_client client{api()};
  client.write(text("GET", "/health", "") + text("GET", "/nowhere", "")
               + text("POST", "/route/batch", R"(["a"])"));
  EXPECT_EQ(client.read().status, 200u);
  EXPECT_EQ(client.read().status, 404u);
  EXPECT_NE(client.read().body.find(R"("uids":["a"])"), std::string::npos);
}

TEST_F(http_listener_test, closes_when_the_client_asks_for_it) {
  raw_client client{api()};
  client.write(text("GET", "/health", "", "Connection: close\r\n"));
  EXPECT_EQ(client.read().status, 200u);
  EXPECT_TRUE(client.closed());
}

TEST_F(http_listener_test, speaks_http_1_0) {
  raw_client client{api()};
  client.write("GET /health HTTP/1.0\r\n\r\n");
  EXPECT_EQ(client.read().status, 200u);
  EXPECT_TRUE(client.closed());
}

TEST_F(http_listener_test, reads_chunked_bodies) {
  auto got = raw(batch("Transfer-Encoding: chunked\r\n",
                       "3\r\n[\"a\r\n2\r\n\"]\r\n0\r\n\r\n"));
  EXPECT_EQ(got.status, 200u);
  EXPECT_NE(got.body.find(R"("uids":["a"])"), std::string::npos);
}

TEST_F(http_listener_test, answers_expect_continue_before_the_body) {
  raw_client client{api()};
  client.write(batch("Content-Length: 5\r\nExpect: 100-continue\r\n", ""));
  EXPECT_EQ(client.read().status, 100u);
  client.write(R"(["a"])");
  EXPECT_EQ(client.read().status, 200u);
}

TEST_F(http_listener_test, refuses_a_body_beyond_the_limit) {
  options.body_bytes_max = 1000;
  auto got = post("/route/batch", std::string(1001, ' '));
  EXPECT_EQ(got.status, 413u);
  EXPECT_EQ(post("/route/batch", "[]" + std::string(998, ' ')).status, 200u);
}

TEST_F(http_listener_test, refuses_a_chunked_body_beyond_the_limit) {
  options.body_bytes_max = 1000;
  auto chunk = "3e9\r\n" + std::string(1001, ' ') + "\r\n0\r\n\r\n";
  EXPECT_EQ(raw(batch("Transfer-Encoding: chunked\r\n", chunk)).status, 413u);
}

TEST_F(http_listener_test, refuses_a_header_beyond_the_limit) {
  auto fields = "token: secret\r\nX: " + std::string(20'000, 'x') + "\r\n";
  EXPECT_EQ(raw(text("GET", "/health", "", fields)).status, 431u);
}

TEST_F(http_listener_test, reads_no_body_of_strangers) {
  raw_client client{api()};
  client.write("POST /route/batch HTTP/1.1\r\nHost: x\r\n"
               "Content-Length: 100000\r\n\r\n");
  EXPECT_EQ(client.read().status, 401u);
  EXPECT_TRUE(client.closed());
}

TEST_F(http_listener_test, reads_no_body_where_anybody_may_call) {
  for (std::string body : {"Content-Length: 100000\r\n\r\n",
                           "Transfer-Encoding: chunked\r\n\r\n"}) {
    raw_client client{api()};
    client.write("GET /health HTTP/1.1\r\nHost: x\r\n" + body);
    EXPECT_EQ(client.read().status, 413u);
    EXPECT_TRUE(client.closed());
  }
}

TEST_F(http_listener_test, refuses_two_ends_of_one_request) {
  EXPECT_EQ(raw(batch("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
                      "0\r\n\r\n"))
              .status,
            400u);
  EXPECT_EQ(raw(batch("Transfer-Encoding: chunked\r\nContent-Length: 2\r\n",
                      "0\r\n\r\n"))
              .status,
            400u);
  EXPECT_EQ(
    raw(batch("Content-Length: 2\r\nContent-Length: 3\r\n", "[]")).status,
    400u);
  EXPECT_EQ(
    raw(batch("Content-Length: 2\r\nContent-Length: 2\r\n", "[]")).status,
    400u);
  EXPECT_EQ(
    raw(batch("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n")).status,
    400u);
  EXPECT_EQ(raw(batch("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n")).status,
            400u);
  EXPECT_EQ(raw(batch("Content-Length: +2\r\n", "[]")).status, 400u);
  EXPECT_EQ(raw(batch("Content-Length: 2, 2\r\n", "[]")).status, 400u);
  EXPECT_EQ(raw(batch("Content-Length: 99999999999999999999\r\n", "[]")).status,
            400u);
}

TEST_F(http_listener_test, refuses_lines_that_others_may_read_differently) {
  for (auto lines : {"X: a\r\n b\r\n", "X: a\r\n\tb\r\n", "X: a\nY: b\r\n",
                     "X: a\rY: b\r\n", " X: a\r\n", "X : a\r\n"})
    EXPECT_EQ(raw(batch(lines, "[]")).status, 400u) << lines;
  EXPECT_EQ(raw(batch(std::string_view{"X: a\0b\r\n", 8}, "")).status, 400u);
}

TEST_F(http_listener_test, reads_a_header_that_comes_byte_by_byte) {
  raw_client client{api()};
  for (auto c : text("GET", "/health", ""))
    client.write(std::string(1, c));
  EXPECT_EQ(client.read().status, 200u);
}

TEST_F(http_listener_test, treats_nothing_after_a_refusal_as_a_request) {
  raw_client client{api()};
  client.write(batch("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n",
                     text("GET", "/health", "")));
  EXPECT_EQ(client.read().status, 400u);
  EXPECT_TRUE(client.closed());
}

TEST_F(http_listener_test, refuses_what_is_not_http) {
  EXPECT_EQ(raw("\x16\x03\x01 hello\r\n\r\n").status, 400u);
  EXPECT_EQ(raw("GET /health HTTP/1.1\r\nHost : x\r\n\r\n").status, 400u);
  EXPECT_EQ(raw("GET /health HTTP/1.1\r\n\r\n").status, 400u);
  EXPECT_EQ(raw("GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n").status,
            400u);
  EXPECT_EQ(raw("GET health HTTP/1.1\r\nHost: a\r\n\r\n").status, 400u);
  EXPECT_EQ(raw("GET /health HTTP/3.0\r\nHost: a\r\n\r\n").status, 505u);
}

TEST_F(http_listener_test, cuts_off_a_slow_header) {
  options.times.header = 50ms;
  raw_client client{api()};
  client.write("GET /health HTTP/1.1\r\nHost: x\r\n");
  EXPECT_EQ(client.read().status, 408u);
  EXPECT_TRUE(client.closed());
}

TEST_F(http_listener_test, cuts_off_a_slow_body) {
  options.times.body = 50ms;
  raw_client client{api()};
  client.write(batch("Content-Length: 10\r\n", "["));
  EXPECT_EQ(client.read().status, 408u);
  EXPECT_TRUE(client.closed());
}

TEST_F(http_listener_test, closes_an_idle_connection_silently) {
  options.times.idle = 50ms;
  raw_client client{api()};
  EXPECT_TRUE(client.closed());
}

TEST_F(http_listener_test, accepts_no_more_connections_than_allowed) {
  options.connections_max = 1;
  raw_client first{api()};
  first.write(text("GET", "/health", ""));
  EXPECT_EQ(first.read().status, 200u);
  raw_client second{api()};
  EXPECT_TRUE(second.closed());
  raw_client monitoring{monitor()};
  monitoring.write(text("GET", "/healthz", ""));
  EXPECT_EQ(monitoring.read().status, 200u);
  first.write(text("GET", "/health", ""));
  EXPECT_EQ(first.read().status, 200u);
}

TEST_F(http_listener_test, closes_idle_connections_when_it_stops) {
  raw_client client{api()};
  client.write(text("GET", "/health", ""));
  EXPECT_EQ(client.read().status, 200u);
  listener->stop();
  EXPECT_TRUE(client.closed());
}

TEST_F(http_listener_test, says_in_words_why_it_cannot_listen) {
  options.api_port = api();
  auto second = http_listener::start(options);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().find("cannot listen on 127.0.0.1:"),
            std::string::npos);
  options.api_address = "no address";
  EXPECT_FALSE(http_listener::start(options));
}
