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

using error = boost::system::error_code;

/// The calls that are left, shared by all lanes.
struct work {
  const std::vector<http_call>& calls;
  const answer_check& check;
  std::size_t next = 0;
  std::string fault;
};

/// Takes one call after the other.
class worker final : http_lane::owner {
public:
  worker(boost::asio::io_context& io, const http_access& access, work& w)
      : lane_(io, access, *this), work_(w) {
    // nop
  }

  void start() {
    lane_.connect();
  }

private:
  void on_open() override {
    if (!work_.fault.empty() || work_.next == work_.calls.size())
      return lane_.close();
    lane_.post(work_.calls[work_.next++]);
  }

  void on_answer(std::string_view body) override {
    if (work_.check && work_.fault.empty())
      work_.fault = work_.check(body);
    on_open();
  }

  void on_fault(const std::string& why) override {
    if (work_.fault.empty())
      work_.fault = why;
  }

  http_lane lane_;
  work& work_;
};

} // namespace

std::string make_calls(const http_access& access,
                       const std::vector<http_call>& calls,
                       const answer_check& check) {
  boost::asio::io_context io{1};
  work w{calls, check, 0, {}};
  std::vector<std::unique_ptr<worker>> workers;
  for (std::size_t i = 0; i < std::min(lanes_max, calls.size()); ++i)
    workers.emplace_back(std::make_unique<worker>(io, access, w))->start();
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
