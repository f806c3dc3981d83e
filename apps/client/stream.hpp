#pragma once

#include "apps/client/thread_kit.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <memory>
#include <string_view>

namespace jindou::client {

using endpoint = boost::asio::ip::tcp::endpoint;

/// A TCP connection on the loop of its thread: waits for readable, reads into
/// the buffer of the thread, writes at once what the socket takes. Never moved;
/// may be destroyed at any time but from inside `on_bytes`.
class stream {
public:
  /// Who hears of what happens.
  class owner {
  public:
    virtual ~owner() = default;

    virtual void on_open() = 0;

    /// Takes bytes of the front of `input` and returns how many; the rest
    /// comes again together with what follows it.
    virtual std::size_t on_bytes(byte_span input) = 0;

    /// Said once, unless the owner called `close`.
    virtual void on_closed(std::string_view why) = 0;
  };

  stream(thread_kit& kit, owner& who);

  /// Starts to connect; `on_open` or `on_closed` follows.
  void connect(const endpoint& to);

  /// Takes over an accepted socket.
  void adopt(boost::asio::ip::tcp::socket socket);

  /// What will be written next; fill it, then `flush`.
  byte_vector& outgoing() {
    return outgoing_;
  }

  /// Writes everything that waits in one call, the rest when the socket is
  /// ready again.
  void flush();

  void close();

  bool is_open() const {
    return open_;
  }

  /// Bytes that the socket has not taken yet.
  std::size_t waiting_bytes() const {
    return outgoing_.size();
  }

private:
  using error = boost::system::error_code;

  void start();
  void wait_for_input();
  void on_readable();
  void take(std::size_t n);
  void take_with_rest(byte_span input);
  void fail(std::string_view why);

  thread_kit& kit_;
  owner& owner_;
  boost::asio::ip::tcp::socket socket_;
  byte_vector rest_;
  byte_vector outgoing_;
  bool open_ = false;
  bool writing_ = false;
  /// Handlers that are queued when this goes find it expired.
  std::shared_ptr<stream*> alive_ = std::make_shared<stream*>(this);
};

} // namespace jindou::client
