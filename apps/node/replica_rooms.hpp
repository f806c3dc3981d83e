#pragma once

#include "apps/node/backup_room.hpp"
#include "apps/node/start_fault.hpp"
#include "configs/options.hpp"
#include "messages/actors.hpp"
#include "messages/cluster.hpp"
#include "messages/metrics.hpp"
#include "messages/result.hpp"
#include "storage/applier.hpp"

#include <caf/actor_system.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace jindou::cluster {
struct host_status;
} // namespace jindou::cluster

namespace jindou::storage {
class store_health;
struct start_report;
} // namespace jindou::storage

namespace jindou::app {

/// The cellar and the council of a node: store, log writer, readers, applier
/// and raft host, introduced to each other.
class replica_rooms {
public:
  /// Opens the data directory, spawns all and waits until every group is
  /// ready.
  static result<std::unique_ptr<replica_rooms>, start_fault>
  open(caf::actor_system& system, const configs::options& chosen,
       metrics_ptr stats);

  const slot_map_ptr& slots() const {
    return slots_;
  }

  node_id node() const {
    return node_;
  }

  /// log_time of the newest entry of any group, milliseconds.
  std::int64_t last_log_time() const {
    return last_log_time_;
  }

  /// Why the node may not take traffic, or not all of it; empty: it may.
  std::string not_ready() const;

  /// The same, but for a full disk, with which reads and deliveries go on.
  std::string broken() const;

  /// Groups whose replica is damaged, found by this start or later.
  std::vector<group_id> damaged_groups() const;

  const storage::store_health& health() const {
    return *health_;
  }

  /// Backups of the store. Not after `stop`.
  backup_room& backups() {
    return *backups_;
  }

  /// Keeps an event that failed.
  std::function<void(quarantine_row)> quarantine() const;

  /// Ends the actors from the host down to the writer, each when it has
  /// finished.
  void stop(caf::actor_system& system);

private:
  replica_rooms() = default;

  result<void, start_fault> start(caf::actor_system& system,
                                  const configs::options& chosen,
                                  metrics_ptr stats);
  void introduce(caf::actor_system& system, const configs::options& chosen,
                 metrics_ptr stats);
  bool wait_until_ready() const;

  std::shared_ptr<const storage::start_report> report_;
  std::shared_ptr<cluster::host_status> status_;
  std::shared_ptr<storage::store_health> health_;
  slot_map_ptr slots_;
  raft_host_actor host_;
  applier_actor applier_;
  log_writer_actor writer_;
  std::unique_ptr<backup_room> backups_;
  std::vector<reader_actor> readers_;
  node_id node_ = 1;
  std::int64_t last_log_time_ = 0;
  std::uint32_t groups_ = 0;
  std::uint32_t data_groups_ = 0;
  std::shared_ptr<const storage::group_map> group_of_slot_;
};

/// Where the built demo page lies: beside the program, in ../share/demo.
std::string demo_folder();

} // namespace jindou::app
