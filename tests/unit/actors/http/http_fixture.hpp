#pragma once

#include "actors/http/http_listener.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

namespace jindou::actors::http::test {

using tcp = boost::asio::ip::tcp;

/// What a caller reads back.
struct response {
  unsigned status = 0;
  std::string head;
  std::string body;
};

/// A client that writes exactly the bytes it is told. Blocking.
class raw_client {
public:
  explicit raw_client(std::uint16_t port) : socket_(io_) {
    socket_.connect({boost::asio::ip::address_v4::loopback(), port});
  }

  void write(std::string_view bytes) {
    boost::system::error_code ec;
    boost::asio::write(socket_, boost::asio::buffer(bytes), ec);
  }

  /// Reads one response with a Content-Length; status 0 if the peer closed.
  response read() {
    response out;
    auto end = until("\r\n\r\n");
    if (end == std::string::npos)
      return out;
    out.head = bytes_.substr(0, end + 4);
    bytes_.erase(0, end + 4);
    out.status = static_cast<unsigned>(std::stoul(out.head.substr(9, 3)));
    auto at = out.head.find("Content-Length: ");
    auto size
      = at == std::string::npos ? 0 : std::stoul(out.head.substr(at + 16));
    while (bytes_.size() < size && more()) {
      // more
    }
    out.body = bytes_.substr(0, size);
    bytes_.erase(0, size);
    return out;
  }

  /// Says whether the peer has closed its end, after reading what is there.
  bool closed() {
    while (more()) {
      // more
    }
    return bytes_.empty();
  }

  void close() {
    socket_.close();
  }

private:
  std::size_t until(std::string_view mark) {
    std::size_t at = 0;
    while ((at = bytes_.find(mark)) == std::string::npos)
      if (!more())
        return std::string::npos;
    return at;
  }

  bool more() {
    char some[4096];
    boost::system::error_code ec;
    auto n = socket_.read_some(boost::asio::buffer(some), ec);
    bytes_.append(some, n);
    return !ec;
  }

  boost::asio::io_context io_;
  tcp::socket socket_;
  std::string bytes_;
};

/// A listener whose node is played by the test.
class http_fixture : public ::testing::Test {
protected:
  http_fixture() {
    options.api_port = 0;
    options.monitor_port = 0;
    options.manager_token = "secret";
    options.counters = std::make_shared<metrics>();
    options.node.ready = [] { return std::string{}; };
    options.node.healthy = options.node.ready;
  }

  http_listener& start() {
    auto started = http_listener::start(options);
    if (!started)
      throw std::runtime_error(started.error());
    listener = std::move(*started);
    return *listener;
  }

  std::uint16_t api() {
    return (listener ? *listener : start()).api_port();
  }

  std::uint16_t monitor() {
    return (listener ? *listener : start()).monitor_port();
  }

  static std::string text(std::string_view method, std::string_view target,
                          std::string_view body,
                          std::string_view fields = "token: secret\r\n") {
    std::string out;
    out.append(method).append(" ").append(target).append(" HTTP/1.1\r\n");
    out.append("Host: here\r\n").append(fields);
    if (method == "POST")
      out.append("Content-Length: ")
        .append(std::to_string(body.size()) + "\r\n");
    return out.append("\r\n").append(body);
  }

  response get(std::string_view target) {
    raw_client client{api()};
    client.write(text("GET", target, ""));
    return client.read();
  }

  response post(std::string_view target, std::string_view body) {
    raw_client client{api()};
    client.write(text("POST", target, body));
    return client.read();
  }

  /// Sends bytes and reads one answer.
  response raw(std::string_view bytes) {
    raw_client client{api()};
    client.write(bytes);
    return client.read();
  }

  http_options options;
  std::unique_ptr<http_listener> listener;
};

} // namespace jindou::actors::http::test
