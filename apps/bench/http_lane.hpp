#pragma once

#include "apps/client/stream.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <string>
#include <string_view>

namespace jindou::bench {

/// Where the business side of a node is reached. Without an address no tokens
/// are made and logins carry none.
struct http_access {
  std::string address;
  client::endpoint server;
  std::string manager_token;

  bool given() const {
    return !address.empty();
  }
};

/// One call of the HTTP API.
struct http_call {
  std::string path;
  std::string body;
};

/// One kept-alive connection to the HTTP API that makes one call after the
/// other.
class http_lane {
public:
  class owner {
  public:
    virtual ~owner() = default;

    /// It is connected: the first call may be made.
    virtual void on_open() = 0;

    /// Answered with 200: the next call may be made.
    virtual void on_answer(std::string_view body) = 0;

    /// Said once; the lane is closed.
    virtual void on_fault(const std::string& why) = 0;
  };

  http_lane(boost::asio::io_context& io, const http_access& access, owner& who);
  http_lane(const http_lane&) = delete;

  void connect();
  void post(const http_call& call);
  void close();

private:
  void read();
  void fail(const std::string& why);

  boost::beast::tcp_stream stream_;
  const http_access& access_;
  owner& owner_;
  boost::beast::flat_buffer buffer_;
  boost::beast::http::request<boost::beast::http::string_body> request_;
  boost::beast::http::response<boost::beast::http::string_body> response_;
};

} // namespace jindou::bench
