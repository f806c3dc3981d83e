#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <mutex>
#include <utility>

namespace jindou::actors::http {

/// The way from any thread to the HTTP thread: answers may come after the loop
/// has gone, and then lead nowhere.
class loop_gate {
public:
  explicit loop_gate(boost::asio::io_context& io) : io_(&io) {
    // nop
  }

  /// Runs `f` on the loop, never within this call; drops it after `close`.
  template <class F>
  void post(F f) {
    std::lock_guard guard{mx_};
    if (io_)
      boost::asio::post(*io_, std::move(f));
  }

  void close() {
    std::lock_guard guard{mx_};
    io_ = nullptr;
  }

private:
  std::mutex mx_;
  boost::asio::io_context* io_;
};

} // namespace jindou::actors::http
