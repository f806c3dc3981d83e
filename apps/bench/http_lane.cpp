#include "apps/bench/http_lane.hpp"

#include <boost/beast/http.hpp>

#include <chrono>

namespace http = boost::beast::http;

namespace jindou::bench {

namespace {

constexpr std::chrono::seconds call_timeout{30};

using error = boost::system::error_code;

} // namespace

http_lane::http_lane(boost::asio::io_context& io, const http_access& access,
                     owner& who)
    : stream_(io), access_(access), owner_(who) {
  // nop
}

void http_lane::connect() {
  stream_.expires_after(call_timeout);
  stream_.async_connect(access_.server, [this](error ec) {
    if (ec)
      return fail(ec.message());
    stream_.socket().set_option(boost::asio::ip::tcp::no_delay{true}, ec);
    owner_.on_open();
  });
}

void http_lane::post(const http_call& call) {
  request_ = {http::verb::post, call.path, 11};
  request_.set(http::field::host, access_.address);
  request_.set(http::field::content_type, "application/json");
  if (!access_.manager_token.empty())
    request_.set("token", access_.manager_token);
  request_.body() = call.body;
  request_.prepare_payload();
  stream_.expires_after(call_timeout);
  http::async_write(stream_, request_, [this](error ec, std::size_t) {
    ec ? fail(ec.message()) : read();
  });
}

void http_lane::read() {
  response_ = {};
  http::async_read(stream_, buffer_, response_, [this](error ec, std::size_t) {
    if (ec)
      return fail(ec.message());
    if (response_.result() != http::status::ok)
      return fail("status " + std::to_string(response_.result_int()) + " "
                  + response_.body());
    owner_.on_answer(response_.body());
  });
}

void http_lane::fail(const std::string& why) {
  close();
  owner_.on_fault("HTTP " + access_.address + ": " + why);
}

void http_lane::close() {
  error ignored;
  stream_.socket().close(ignored);
}

} // namespace jindou::bench
