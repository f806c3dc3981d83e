#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <deque>
#include <optional>
#include <utility>

namespace jindou::actors {

/// Lets the sessions of one io thread that send faster than they are served
/// have only so many SENDs under way together, so that what they send waits in
/// their sockets and not in front of the SENDs of others. They take turns, each
/// with a long batch: that costs less than a few SENDs of everybody.
template <class Session>
class bulk_line {
public:
  /// A session goes on when there is room for so many SENDs.
  static constexpr std::size_t batch = 16;

  explicit bulk_line(std::size_t most) : most_(most) {
    // nop
  }

  // -- any thread -------------------------------------------------------------

  /// Goes by another bound from now on. Who waits hears of it with the next
  /// answer, or at the next sweep.
  void change(std::size_t most) {
    most_ = most;
  }

  /// `n` SENDs are answered. True: somebody waits and may go on now.
  bool give(std::size_t n) {
    under_way_ -= n;
    return waiting_ > 0 && has_room();
  }

  // -- io thread --------------------------------------------------------------

  /// Returns how many of `wanted` SENDs may be handed over; 0: wait. `my_turn`:
  /// the session was `next`; others pass nobody who waits.
  std::size_t admits(std::size_t wanted, bool my_turn = false) const {
    if (!my_turn && !line_.empty())
      return 0;
    auto n = free();
    return n >= std::min({wanted, batch, most_.load()}) ? std::min(wanted, n)
                                                        : 0;
  }

  void take(std::size_t n) {
    under_way_ += n;
  }

  /// Puts a session behind all others that wait. False: there is room by now,
  /// it need not wait.
  bool wait(Session who) {
    line_.push_back(std::move(who));
    waiting_ = line_.size();
    if (line_.size() > 1 || !has_room()) // looked at last: answers come
      return true;
    line_.pop_back();
    waiting_ = 0;
    return false;
  }

  /// Returns who waits longest, if there is room for it.
  std::optional<Session> next() {
    if (line_.empty() || !has_room())
      return {};
    std::optional<Session> res{std::move(line_.front())};
    line_.pop_front();
    waiting_ = line_.size();
    return res;
  }

  /// Lets go of all who wait.
  void clear() {
    waiting_ = 0;
    std::deque<Session>{}.swap(line_);
  }

private:
  std::size_t free() const {
    auto most = most_.load();
    return most - std::min(most, under_way_.load());
  }

  bool has_room() const {
    return free() >= std::min(batch, most_.load());
  }

  std::atomic<std::size_t> most_;
  std::atomic<std::size_t> under_way_{0};
  std::atomic<std::size_t> waiting_{0};
  std::deque<Session> line_;
};

} // namespace jindou::actors
