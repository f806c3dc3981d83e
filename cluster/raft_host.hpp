#pragma once

#include "cluster/coalescing_actor.hpp"
#include "cluster/host.hpp"
#include "messages/actors.hpp"
#include "messages/metrics.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace jindou::cluster {

/// What a RAFT HOST shows to whoever answers "are you ready?". Read by any
/// thread.
struct host_status {
  std::atomic<std::uint32_t> ready_groups{0};
  /// Groups whose replica was found damaged since the start.
  std::atomic<std::uint32_t> aside_groups{0};
  std::atomic<bool> store_full{false};
  std::atomic<std::uint64_t> unapplied_entries{0};
};

/// Milliseconds since the epoch by the wall clock.
std::uint64_t wall_clock_ms();

struct raft_host_options {
  std::vector<restored_group> groups;
  log_writer_actor writer;
  std::vector<applier_actor> appliers; // by group
  metrics_ptr metrics;
  std::shared_ptr<host_status> status;
  std::chrono::milliseconds tick{50};
  /// How long an ordered stop waits for what is on its way to the disk.
  std::uint32_t drain_ticks = 40;
  host_limits limits;
  std::function<std::uint64_t()> now = wall_clock_ms;
  /// Called when it cannot go on; the node ends the process in it, since
  /// without a host nothing is stored any more.
  std::function<void(const std::string&)> fatal = [](const std::string&) {};
  /// Whether the store takes anything new, and which groups it lost; asked in
  /// the thread of the host.
  std::function<bool()> has_room = [] { return true; };
  std::function<bool(group_id)> damaged = [](group_id) { return false; };
};

/// What the RAFT HOST is built on.
using raft_host_base = coalescing_actor<raft_host_actor::base>;

/// Memory of one RAFT HOST.
class raft_host_state {
public:
  static constexpr const char* name = "jindou.raft_host";

  explicit raft_host_state(raft_host_base* selfptr) : self_(selfptr) {
    // nop
  }

  ~raft_host_state();

  void start(raft_host_options options);
  void on_propose(const propose_ptr& what);
  void on_flushed(const flush_result_ptr& what);
  void on_applied(const applied_to& what);
  void on_flush();
  void on_tick();
  std::string on_status() const;

  /// Begins an ordered stop: nothing new, then the end of what is under way.
  void stop(const caf::error& why);

private:
  void dispatch();
  void look_at_store();
  void report(const host::output& out);
  void quit_if_idle();

  raft_host_base* self_;
  raft_host_options options_;
  std::optional<host> host_;
  std::vector<group_id> groups_;
  bool flush_sent_ = false;
  bool full_ = false;
  std::optional<caf::error> stopping_;
};

/// Creates the behavior of one RAFT HOST. Spawn it detached.
raft_host_actor::behavior_type
raft_host(caf::stateful_actor<raft_host_state, raft_host_base>* self,
          raft_host_options options);

} // namespace jindou::cluster
