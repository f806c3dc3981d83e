#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace jindou {

/// What any thread may count on an actor without asking it: how many events
/// hold a place, whether the door is open, how much it has done. One word
/// serves as depth, bound and passivation lease, so that an actor can never
/// retire while somebody stands between look-up and mailbox.
class lease {
public:
  enum class door { open, full, closed };

  /// Takes `n` places, all or none; a batch alone always fits, and what takes
  /// none is never refused.
  door enter(std::int64_t n, std::int64_t limit) {
    auto v = word_.load(std::memory_order_relaxed);
    do {
      if (v < 0)
        return door::closed;
      if (n > 0 && v > 0 && v + n > limit)
        return door::full;
    } while (!word_.compare_exchange_weak(v, v + n));
    return door::open;
  }

  /// Gives `n` places back.
  void leave(std::int64_t n) {
    word_.fetch_sub(n);
  }

  /// Closes the door if nobody holds a place. The actor saves its state first.
  bool retire() {
    std::int64_t none = 0;
    return word_.compare_exchange_strong(none, closed_word);
  }

  /// Closes the door in any case: the actor has ended.
  void shut() {
    if (word_.load() >= 0) // only the actor itself closes
      word_.fetch_add(closed_word);
  }

  std::int64_t depth() const {
    return std::max<std::int64_t>(0, word_.load(std::memory_order_relaxed));
  }

  bool closed() const {
    return word_.load() < 0;
  }

  /// Events handled, exceptions caught, time spent in `resume`, last activity
  /// (steady clock, nanoseconds).
  std::atomic<std::uint64_t> handled{0};
  std::atomic<std::uint64_t> faults{0};
  std::atomic<std::uint64_t> busy_ns{0};
  std::atomic<std::int64_t> last_active_ns{0};
  /// Begin of the turn that runs now; 0 between turns.
  std::atomic<std::int64_t> running_since_ns{0};

private:
  static constexpr std::int64_t closed_word = INT64_MIN / 2;
  std::atomic<std::int64_t> word_{0};
};

} // namespace jindou
