#pragma once

#include "actors/gateway/io_loop.hpp"
#include "messages/result.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace jindou::actors {

/// Splits "[scheme://]address:port".
/// Errors: a sentence that says what is wrong.
result<boost::asio::ip::tcp::endpoint, std::string>
parse_address(std::string_view text);

/// Accepts the connections of one address on the first io thread and deals
/// them out to all.
class listener : public std::enable_shared_from_this<listener> {
public:
  listener(std::vector<std::shared_ptr<io_loop>> loops, door_kind kind);

  /// Binds. Returns what is wrong, empty if nothing.
  std::string open(std::string_view address);

  /// Begins to accept.
  void start();

  /// Accepts no more; returns when the io thread has done so. Not from an io
  /// thread.
  void stop();

  door_kind kind() const {
    return kind_;
  }

  /// Returns the address that is bound, with its real port.
  std::string address() const;

private:
  void accept();
  void on_accepted(const boost::system::error_code& ec,
                   io_loop::socket_type socket, io_loop& to);
  void pause(const boost::system::error_code& ec);

  std::vector<std::shared_ptr<io_loop>> loops_;
  std::size_t next_ = 0;
  const door_kind kind_;
  bool paused_ = false; // the last try failed
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer timer_;
};

} // namespace jindou::actors
