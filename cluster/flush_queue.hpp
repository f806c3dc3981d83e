#pragma once

#include "messages/limits.hpp"
#include "messages/store.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace jindou::cluster {

/// Bounds of what goes to the log writer.
struct flush_limits {
  std::size_t entries_max = limits::flush_entries_max;
  std::size_t bytes_max = limits::flush_bytes_max;
  std::size_t in_flight_max = limits::flushes_in_flight_max;
};

/// Jobs on their way to the log writer: packed into batches, a few under way
/// at a time, and those that found the disk full. Entries are not kept here but
/// by the cores, from whose logs a failed batch is made again.
class flush_queue {
public:
  /// What a job said, without its entries.
  struct note {
    group_id group = 0;
    std::uint64_t job = 0;
    std::optional<raft::hard_state> vote;
    raft::log_index first = 0;
    std::uint32_t count = 0;
  };
  using notes = std::vector<note>;

  explicit flush_queue(flush_limits limits) : limits_(limits) {
    // nop
  }

  /// Puts a job behind all others.
  void add(log_job job);

  /// Returns the next batch that may leave now, if any.
  std::optional<log_batch> next();

  /// The oldest batch under way is durable.
  notes succeeded();

  /// The oldest batch under way found the disk full.
  void failed();

  /// Returns what has to be handed over again, if it is time for it: only when
  /// nothing is under way. It is under way then.
  std::optional<notes> again();

  /// The disk was full and not everything has been handed over since.
  bool full() const {
    return full_;
  }

  bool idle() const {
    return waiting_.empty() && in_flight_.empty() && failed_.empty();
  }

  std::size_t in_flight() const {
    return in_flight_.size();
  }

  std::size_t waiting() const {
    return waiting_.size();
  }

private:
  flush_limits limits_;
  std::deque<log_batch> waiting_;
  std::deque<notes> in_flight_;
  std::deque<notes> failed_; // in the order in which they must become durable
  bool full_ = false;
  bool probing_ = false; // what is under way comes from failed_
};

} // namespace jindou::cluster
