#pragma once

#include "actors/http/http_options.hpp"
#include "messages/result.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace jindou::actors::http {

/// The HTTP side of a node: two ports and the one thread that serves them.
class http_listener {
public:
  /// Opens both ports and starts the thread.
  /// Errors: in words, if an address is wrong or a port is taken.
  static result<std::unique_ptr<http_listener>, std::string>
  start(http_options options);

  /// Stops.
  ~http_listener();

  http_listener(const http_listener&) = delete;
  http_listener& operator=(const http_listener&) = delete;

  std::uint16_t api_port() const;
  std::uint16_t monitor_port() const;

  /// Closes the ports, lets requests under way finish within
  /// `time_limits::stop`, then ends the thread. Answers that come later lead
  /// nowhere.
  void stop();

private:
  class loop;

  explicit http_listener(std::unique_ptr<loop> l);

  std::unique_ptr<loop> loop_;
};

} // namespace jindou::actors::http
