#pragma once

#include "messages/limits.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>

namespace jindou::actors {

/// Divides the unanswered SENDs of a node among the sessions that have some, so
/// that those who never wait for an answer cannot fill the queues in front of
/// those who do. Any thread.
class fair_window {
public:
  /// `node`: for all sessions together; `session`: the most for one.
  fair_window(std::size_t node, std::size_t session)
      : node_(node), most_(session) {
    // nop
  }

  /// Goes by other bounds from now on.
  void change(std::size_t node, std::size_t session) {
    node_.store(node, std::memory_order_relaxed);
    most_.store(session, std::memory_order_relaxed);
  }

  /// A session has its first unanswered SEND.
  void enter() {
    ++senders_;
  }

  /// It has none any more.
  void leave() {
    --senders_;
  }

  /// Returns how many one session may ever have.
  std::size_t most() const {
    return most_.load(std::memory_order_relaxed);
  }

  /// Returns how many one session may have now.
  std::size_t share() const {
    auto n = std::max<std::size_t>(1, senders_.load(std::memory_order_relaxed));
    auto bound = most();
    auto least = std::min(limits::session_window_min, bound);
    return std::clamp(node_.load(std::memory_order_relaxed) / n, least, bound);
  }

private:
  std::atomic<std::size_t> node_;
  std::atomic<std::size_t> most_;
  std::atomic<std::size_t> senders_{0};
};

} // namespace jindou::actors
