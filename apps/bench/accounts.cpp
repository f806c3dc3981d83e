#include "apps/bench/accounts.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <memory>

namespace beast = boost::beast;
namespace http = boost::beast::http;
using nlohmann::json;

namespace jindou::bench {

namespace {

constexpr std::size_t lanes_max = 16;
constexpr std::chrono::seconds call_timeout{30};

using error = boost::system::error_code;

/// The calls that are left, shared by all lanes.
struct work {
  const http_access& access;
  const std::vector<http_call>& calls;
  std::size_t next = 0;
  std::string fault;
};

/// One kept-alive connection that makes one call after the other.
class lane {
public:
  lane(boost::asio::io_context& io, work& w) : stream_(io), work_(w) {
    // nop
  }

  void start() {
    stream_.expires_after(call_timeout);
    stream_.async_connect(work_.access.server, [this](error ec) {
      ec ? fail(ec.message()) : next();
    });
  }

private:
  void next() {
    if (!work_.fault.empty() || work_.next == work_.calls.size())
      return close();
    auto& call = work_.calls[work_.next++];
    request_ = {http::verb::post, call.path, 11};
    request_.set(http::field::host, work_.access.address);
    request_.set(http::field::content_type, "application/json");
    if (!work_.access.manager_token.empty())
      request_.set("token", work_.access.manager_token);
    request_.body() = call.body;
    request_.prepare_payload();
    stream_.expires_after(call_timeout);
    http::async_write(stream_, request_, [this](error ec, std::size_t) {
      ec ? fail(ec.message()) : read();
    });
  }

  void read() {
    response_ = {};
    http::async_read(
      stream_, buffer_, response_, [this](error ec, std::size_t) {
        if (ec)
          return fail(ec.message());
        if (response_.result() != http::status::ok)
          return fail("status " + std::to_string(response_.result_int()) + " "
                      + response_.body());
        next();
      });
  }

  void fail(const std::string& why) {
    if (work_.fault.empty())
      work_.fault = "HTTP " + work_.access.address + ": " + why;
    close();
  }

  void close() {
    error ignored;
    stream_.socket().close(ignored);
  }

  beast::tcp_stream stream_;
  work& work_;
  beast::flat_buffer buffer_;
  http::request<http::string_body> request_;
  http::response<http::string_body> response_;
};

} // namespace

std::string make_calls(const http_access& access,
                       const std::vector<http_call>& calls) {
  boost::asio::io_context io{1};
  work w{access, calls, 0, {}};
  std::vector<std::unique_ptr<lane>> lanes;
  for (std::size_t i = 0; i < std::min(lanes_max, calls.size()); ++i)
    lanes.emplace_back(std::make_unique<lane>(io, w))->start();
  io.run();
  return w.fault;
}

std::string token_of(const http_access& access, std::string_view uid) {
  return access.given() ? "token-" + std::string{uid} : std::string{};
}

std::string make_users(const http_access& access,
                       const std::vector<std::string>& uids) {
  if (!access.given())
    return {};
  std::vector<http_call> calls;
  for (auto& uid : uids) {
    json body{{"uid", uid},
              {"token", token_of(access, uid)},
              {"device_flag", 0},
              {"device_level", 0}};
    calls.push_back({"/user/token", body.dump()});
  }
  return make_calls(access, calls);
}

std::string make_group(const http_access& access, const std::string& id,
                       const std::vector<std::string>& uids) {
  json body{{"channel_id", id}, {"channel_type", 2}, {"subscribers", uids}};
  return make_calls(access, {{"/channel", body.dump()}});
}

std::string fetch_page(const client::endpoint& server,
                       const std::string& path) {
  boost::asio::io_context io{1};
  beast::tcp_stream stream{io};
  error ec;
  stream.connect(server, ec);
  if (ec)
    return {};
  http::request<http::empty_body> request{http::verb::get, path, 11};
  request.set(http::field::host, server.address().to_string());
  http::write(stream, request, ec);
  beast::flat_buffer buffer;
  http::response<http::string_body> response;
  if (!ec)
    http::read(stream, buffer, response, ec);
  return ec ? std::string{} : response.body();
}

} // namespace jindou::bench
