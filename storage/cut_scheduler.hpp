#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

namespace jindou::storage {

/// When which replica is due for a cut. Pure: time is passed in.
/// Cuts are spread, else all replicas would fall due together: the oldest
/// change comes first, and between two cuts pass `cut_age` / active replicas.
class cut_scheduler {
public:
  using time_point = std::chrono::steady_clock::time_point;
  using duration = std::chrono::steady_clock::duration;

  cut_scheduler(std::size_t replicas, duration cut_age);

  /// Something was applied; only the first time since the last cut counts.
  void changed(std::size_t replica, time_point now);

  /// A cut was sealed, nothing is left to cut.
  void sealed(std::size_t replica, time_point now);

  /// The same, but out of turn since much had changed: the cuts of the others
  /// do not wait for that.
  void sealed_early(std::size_t replica);

  /// Returns the replica to cut now, if there is one. `may(i)` says that no
  /// cut of replica i is on its way.
  std::optional<std::size_t>
  due(time_point now, const std::function<bool(std::size_t)>& may) const;

  /// Replicas with something to cut.
  std::size_t active() const {
    return active_;
  }

private:
  duration cut_age_;
  std::vector<std::optional<time_point>> since_;
  std::size_t active_ = 0;
  std::optional<time_point> last_;
};

/// When the next fold step is due, and of which replica: one replica at a
/// time, its steps spread over its share of 70 % of `fold_age`.
class fold_scheduler {
public:
  using time_point = cut_scheduler::time_point;
  using duration = cut_scheduler::duration;

  /// What a replica has to fold.
  struct load {
    std::size_t channels = 0;
    /// The journal is longer than it should be: no waiting.
    bool overdue = false;
  };

  fold_scheduler(std::size_t replicas, duration fold_age);

  /// Says what waits after a cut or a step.
  void waits(std::size_t replica, load x, time_point now);

  /// Returns the replica whose next step is due. Unless one is half folded,
  /// that is the one that waits longest.
  std::optional<std::size_t> due(time_point now) const;

  /// A step was sealed; `steps_left` of this fold come after it.
  void stepped(std::size_t replica, std::size_t steps_left, time_point now);

  /// This replica folds nothing any more.
  void forget(std::size_t replica);

  /// When `due` may have an answer; nothing = when something waits.
  std::optional<time_point> next() const;

private:
  struct waiting {
    std::optional<time_point> since;
    bool overdue = false;
  };

  std::optional<std::size_t> oldest() const;

  duration fold_age_;
  std::vector<waiting> waiting_;
  std::optional<std::size_t> current_;
  time_point next_step_{};
};

} // namespace jindou::storage
