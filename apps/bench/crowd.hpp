#pragma once

#include "apps/bench/accounts.hpp"
#include "apps/client/im_connection.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace jindou::bench {

/// Many logged-in users that receive and acknowledge, logged in a few at a
/// time.
class crowd {
public:
  struct events {
    std::function<void()> on_ready;
    std::function<void(const std::string&)> on_fault;
    std::function<void(client::im_connection&, const wire::recv_frame&)>
      on_recv;
  };

  crowd(client::thread_kit& kit, const http_access& access,
        client::endpoint server, std::vector<std::string> uids, events who);
  ~crowd();

  /// Starts the logins; `on_ready` or `on_fault` follows.
  void start();

private:
  struct member;

  void start_next();
  void on_login(std::uint8_t reason, const std::string& uid);

  client::thread_kit& kit_;
  const http_access& access_;
  client::endpoint server_;
  std::vector<std::string> uids_;
  events events_;
  std::vector<std::unique_ptr<member>> members_;
  std::size_t logged_in_ = 0;
};

/// Lets this process hold `n` sockets. Returns what went wrong, or nothing.
std::string allow_sockets(std::size_t n);

} // namespace jindou::bench
