#pragma once

#include "actors/http/http_call.hpp"
#include "actors/http/routes.hpp"
#include "actors/log_limit.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <chrono>
#include <memory>
#include <optional>

namespace jindou::actors::http {

/// What all connections of a listener share. Lives on the HTTP thread.
struct http_shared {
  http_options options;
  demo_files demo;
  std::shared_ptr<loop_gate> gate;
  std::size_t connections = 0;
  bool stopping = false;
  log_limit complaints{1'000};
};

/// One connection: reads a request, answers it, reads the next. Lives on the
/// HTTP thread, kept alive by whatever it waits for.
class http_connection : public std::enable_shared_from_this<http_connection> {
public:
  http_connection(boost::asio::ip::tcp::socket socket, http_port port,
                  http_shared& shared);
  ~http_connection();

  http_connection(const http_connection&) = delete;
  http_connection& operator=(const http_connection&) = delete;

  /// Serves until the peer or a limit ends it. Call once.
  boost::asio::awaitable<void> run();

  /// Ends the connection after the request under way, at once if there is none.
  void finish();

private:
  using error_code = boost::system::error_code;
  using request_parser
    = boost::beast::http::request_parser<boost::beast::http::string_body>;
  using bool_awaitable = boost::asio::awaitable<bool>;

  // -- one request: false ends the connection
  // ----------------------------------------------------------------------
  bool_awaitable wait_for_request();
  bool_awaitable serve_one();
  boost::asio::awaitable<error_code> read_head();
  bool_awaitable serve_admitted(const admission& what);
  bool_awaitable refuse_admission(const admission& what);
  bool_awaitable read_body();
  boost::asio::awaitable<http_answer> call(http_handler handler);

  // -- answers
  // ----------------------------------------------------------------------
  bool_awaitable write(http_answer answer, bool keep_alive);
  bool_awaitable write_status(unsigned status);
  bool_awaitable refuse(error_code why);
  void complain(unsigned status);
  boost::asio::awaitable<void> linger();

  /// Cancels what the socket waits for after `limit`.
  void watch(std::chrono::milliseconds limit);
  void await_expiry(std::chrono::milliseconds limit);
  void unwatch();

  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer watchdog_;
  http_port port_;
  http_shared& shared_;
  boost::beast::flat_buffer buffer_;
  std::optional<request_parser> parser_;
  bool idle_ = false;
  bool timed_out_ = false;
};

} // namespace jindou::actors::http
