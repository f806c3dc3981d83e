#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>

namespace jindou::actors {

/// What an io thread does behind everything else that is ready: sessions that
/// have much to read or to write wait here, so that one with a single frame
/// need not wait for a flood of others. Pure.
template <class Session>
class late_line {
public:
  enum class work : std::uint8_t { read, flush };

  /// Puts a session behind all others that wait.
  void put(Session who, work what) {
    waiting_.push_back({std::move(who), what});
  }

  bool empty() const {
    return waiting_.empty();
  }

  /// Hands over those that wait longest, `serve(who, what)`, until `budget` has
  /// passed by `now()`; at least one.
  template <class Clock, class Serve>
  void serve(std::chrono::nanoseconds budget, Clock now, Serve serve) {
    auto end = now() + budget;
    do {
      if (waiting_.empty())
        return;
      auto next = std::move(waiting_.front());
      waiting_.pop_front();
      serve(*next.who, next.what);
    } while (now() < end);
  }

private:
  struct place {
    Session who;
    work what;
  };

  std::deque<place> waiting_;
};

} // namespace jindou::actors
