#pragma once

#include "messages/command.hpp"
#include "messages/raft.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// What the store accepts from and tells the raft host. No CAF.
namespace jindou {

/// Node-local place of a record, rising; the rowid of the log table.
using position = std::uint64_t;

/// Work of one replica for the log writer, executed in order.
struct log_job {
  group_id group = 0;
  /// Number of the job in its group: 1, 2, 3, ... since the process started, no
  /// number left out. An order with a job that is not the next of its group
  /// follows one that failed and fails, too.
  std::uint64_t job = 0;
  std::optional<raft::hard_state> vote;
  /// Entries at or above this index are dropped first (conflict).
  std::optional<raft::log_index> cut_from;
  std::vector<raft::entry> append;
};

/// Everything that one raft host hands over at once: one share of one flush.
struct log_batch {
  std::vector<log_job> jobs;
  std::size_t entries = 0;
  std::size_t bytes = 0;
};

/// Where consecutive entries of a group now lie.
struct placed_run {
  group_id group = 0;
  raft::log_index first_index = 0;
  position first = 0;
  std::uint32_t count = 0;
};

/// A job is durable: all jobs of that group up to `job` are.
struct finished_job {
  group_id group = 0;
  std::uint64_t job = 0;
};

/// What one flush did for one host; every order is answered by one result, in
/// the order of the orders. `error` is `errc::unavailable` when the
/// disk was full: then nothing of the batch is durable, nothing is placed, and
/// the host hands the same jobs over again later. Other faults end the process.
struct flush_result {
  errc error = errc::none;
  std::vector<finished_job> finished;
  std::vector<placed_run> placed;
};

/// A committed and locally durable entry on its way to the applier.
struct apply_item {
  shared_bytes record;
  position pos = 0;
};

} // namespace jindou
