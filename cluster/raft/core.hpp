#pragma once

#include "cluster/raft/log.hpp"
#include "messages/raft.hpp"
#include "messages/store.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace jindou::raft {

/// Bounds of one core.
struct core_limits {
  /// Bytes proposed and not yet applied; beyond it `refused::too_much`.
  std::size_t unapplied_bytes_max = 16 << 20;
  /// Bodies of applied entries kept for peers that are behind.
  std::size_t cache_bytes_max = 256 << 10;
};

struct config {
  group_id group = 0;
  replica_id self = 0;
  core_limits limits;
};

enum class role : std::uint8_t { follower, candidate, leader };

/// Why a proposal got no place in the log. It never entered it.
enum class refused : std::uint8_t {
  no,
  not_leader,
  not_ready,
  stale_term,
  too_much
};

struct proposed {
  refused why = refused::no;
  log_index first = 0, last = 0;
};

/// Entries to be applied, both ends included; `first` 0 = none.
struct apply_range {
  log_index first = 0, last = 0;
};

/// What somebody outside may want to hear about.
struct event {
  enum class what : std::uint8_t {
    leading, ///< elected; proposals are refused until `ready`
    ready,   ///< the no-op of the term is committed and applied
  };
  event::what what = event::what::leading;
  term_t term = 0;
};

/// Everything that a core produced since the last `take`.
struct output {
  /// To be executed in order; reported by `persisted`.
  std::vector<log_job> persist;
  apply_range apply;
  std::vector<event> events;
};

/// What a core looks like from outside.
struct view {
  raft::role role = raft::role::follower;
  term_t term = 0;
  replica_id vote = 0;
  replica_id leader = 0; // 0 = none known
  bool ready = false;
  log_index snapshot = 0, applied = 0, commit = 0, durable = 0, last = 0;
  std::size_t unapplied_bytes = 0;
  /// Entries and bytes of the job that the next `take` hands out.
  std::size_t open_entries = 0, open_bytes = 0;
};

/// One replica of one group: a pure function of its inputs. No clock, no disk,
/// no random numbers, no callbacks. Its invariants are checked in every build.
///
/// It serves groups with a single voter, which elects itself: term + 1, its own
/// vote durable, then a no-op, which must be committed and applied before
/// anybody may propose. Messages between replicas will be further inputs and
/// outputs of this class.
class core {
public:
  /// Shape:  `tail` are the entries above `from.applied`, in order.
  core(config cfg, const restored& from, std::vector<entry> tail);

  // -- inputs: the only sources of change -------------------------------------

  /// One step of logical time. `log_time` (ms) dates the no-op, if this step
  /// leads to one.
  void tick(std::uint64_t log_time);

  /// Says whether a proposal of `bytes` would be refused now.
  refused admits(term_t expected, std::size_t bytes) const;

  /// Gives commands their places, one entry each: the next after `last`. The
  /// records are stamped with group, index and term already; moves them out.
  proposed propose(term_t expected, std::span<shared_bytes> commands);

  /// Job `job` and all before it are durable.
  void persisted(std::uint64_t job);

  /// Everything up to `index` is applied.
  void applied(log_index index);

  // -- output -----------------------------------------------------------------

  /// Returns everything produced since the last call.
  output take();

  // -- observation ------------------------------------------------------------

  view inspect() const;

  /// Returns an entry that is not applied yet, or one of the cached.
  const entry& entry_at(log_index index) const {
    return log_.at(index);
  }

  term_t term() const {
    return hs_.term;
  }

  log_index last() const {
    return log_.last();
  }

  log_index applied_index() const {
    return applied_;
  }

  std::size_t unapplied_bytes() const {
    return log_.unapplied_bytes();
  }

  /// log_time of the newest entry or tick: nothing earlier may be proposed.
  std::uint64_t log_time() const {
    return log_time_;
  }

  /// Job up to which everything is durable.
  std::uint64_t persisted_job() const {
    return persisted_job_;
  }

private:
  bool sole_voter() const;
  void campaign();
  void lead();
  void append(entry x);
  void advance_commit();
  void adopt(hard_state hs);
  log_job& open_job();
  void check() const;

  config config_;
  membership members_;
  log log_;
  hard_state hs_;
  raft::role role_ = raft::role::follower;
  bool ready_ = false;
  log_index commit_ = 0;
  log_index applied_ = 0;
  log_index ordered_ = 0; // handed out for applying
  log_index noop_ = 0;    // of the term that this replica leads
  std::uint64_t log_time_ = 0;
  std::uint64_t vote_job_ = 0;
  std::uint64_t next_job_ = 1;
  std::uint64_t taken_job_ = 0;
  std::uint64_t persisted_job_ = 0;
  std::optional<log_job> open_;
  std::size_t open_bytes_ = 0;
  std::vector<event> events_;
};

} // namespace jindou::raft
