#pragma once

#include "cluster/flush_queue.hpp"
#include "cluster/raft/core.hpp"
#include "messages/limits.hpp"
#include "messages/raft_host.hpp"
#include "messages/store.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace jindou::cluster {

/// An entry of the log that was not applied when the process ended.
struct tail_record {
  raft::entry entry;
  position pos = 0;
};

/// One replica as the store gives it back at start.
struct restored_group {
  raft::restored state;
  std::vector<tail_record> tail; // above state.applied, in order
};

struct host_limits {
  flush_limits flush;
  /// One round of a group; a longer proposal goes into a round of its own.
  std::size_t round_entries_max = limits::proposal_batch_entries_max;
  std::size_t round_bytes_max = limits::proposal_batch_bytes_max;
  /// Proposed and not yet applied, all groups together.
  std::size_t unapplied_entries_max = limits::proposals_in_flight_max;
  std::size_t unapplied_bytes_max = 64 << 20;
  /// Ticks between two attempts while the disk is full.
  std::uint32_t retry_ticks = 10;
  raft::core_limits core;
};

/// The replicas of many groups and their one stream of writes: gives proposals
/// their places, packs the jobs of all groups into flushes, and says what may
/// be applied. Pure: no actor, clock or disk; handles are carried, never used.
///
/// Every proposal is answered once: here by an error, or by the applier.
class host {
public:
  struct answer {
    proposer_actor to;
    applied_ptr what;
  };

  struct group_event {
    group_id group = 0;
    raft::event event;
  };

  /// Everything produced since the last `take`.
  struct output {
    std::vector<log_batch> write; // in this order, each answered once
    std::vector<std::shared_ptr<apply_order>> apply;
    std::vector<answer> answers;
    std::vector<group_event> events;
    std::size_t proposals = 0; // commands
    std::size_t refused = 0;
  };

  host(host_limits limits, std::vector<restored_group> groups);

  // -- inputs -----------------------------------------------------------------

  /// Keeps a proposal for the next `flush`. Its block is the host's from here.
  void enqueue(propose_ptr what);

  /// Works off everything enqueued. Units: `now` in ms since the epoch.
  void flush(std::uint64_t now);

  /// Takes the writer's word for the oldest batch under way.
  void flushed(const flush_result& result);

  /// Hears that the applier is at `index`.
  void applied(group_id group, raft::log_index index);

  /// One step of logical time. Units: `now` in ms since the epoch.
  void tick(std::uint64_t now);

  /// Hears whether the store takes anything new.
  void room(bool there) {
    room_ = there;
  }

  /// A replica is damaged: refuses whatever is for its group from now on.
  void set_aside(group_id group);

  /// Refuses everything that comes from now on.
  void close();

  /// Gives up everything that is not with the applier yet.
  void abandon();

  // -- output -----------------------------------------------------------------

  output take();

  // -- observation ------------------------------------------------------------

  /// Nothing is on its way to the disk and nobody waits for the host.
  bool idle() const;

  std::size_t groups() const {
    return replicas_.size();
  }

  /// Groups that take proposals.
  std::size_t ready_groups() const {
    return ready_;
  }

  /// Groups that were set aside.
  std::size_t aside_groups() const {
    return aside_;
  }

  /// As much is under way as the writer gets at a time: nothing leaves before
  /// `flushed`.
  bool writer_busy() const {
    return queue_.in_flight() >= limits_.flush.in_flight_max;
  }

  bool store_full() const {
    return queue_.full() || !room_;
  }

  /// Entries that are in a log and not applied.
  std::size_t unapplied_entries() const {
    return unapplied_entries_;
  }

  /// One "name value" per line.
  std::string describe() const;

private:
  struct origin {
    proposer_actor from;
    std::uint64_t request = 0;
    raft::log_index first = 0;
    std::uint32_t count = 0;
  };

  struct replica {
    replica(const raft::config& cfg, restored_group from);

    raft::core core;
    group_id group = 0;
    std::deque<origin> origins;    // not with the applier yet
    std::deque<placed_run> placed; // durable, not with the applier yet
    std::uint64_t finished = 0;    // job, as the writer says
    std::size_t entries = 0;       // not applied, as counted in the sum
    std::size_t bytes = 0;         // likewise
    bool dirty = false;            // may have something to take
    bool ready = false;
    bool aside = false;
  };

  replica* find(group_id group);
  void work_off(const propose_ptr& what, std::uint64_t now);
  errc verdict(const propose& what, replica* to);
  void stamp(propose& what, replica& to, std::uint64_t now);
  void refuse(const propose& what, errc why);
  void drain(replica& x);
  void order(replica& x, raft::apply_range range);
  void touch(replica& x);
  void pump();
  void hand_over_again();

  host_limits limits_;
  std::vector<replica> replicas_;
  std::vector<std::uint32_t> place_of_; // group -> 1 + place in replicas_
  flush_queue queue_;
  std::vector<propose_ptr> inbox_;
  std::vector<replica*> dirty_;
  std::vector<shared_bytes> windows_; // kept for its memory
  output out_;
  std::size_t unapplied_entries_ = 0;
  std::size_t unapplied_bytes_ = 0;
  std::size_t ready_ = 0;
  std::size_t aside_ = 0;
  std::uint32_t ticks_to_retry_ = 0;
  bool room_ = true;
  bool closed_ = false;
};

} // namespace jindou::cluster
