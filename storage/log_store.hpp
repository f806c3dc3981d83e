#pragma once

#include "storage/store_start.hpp"
#include "storage/work.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace jindou::storage {

/// An event that failed twice, for the table of this node.
struct quarantined_event {
  std::int64_t at = 0; // milliseconds
  std::string_view actor;
  std::uint16_t event = 0;
  std::string_view reason;
  byte_span body;
};

/// Everything that one transaction writes, in this order.
struct write_batch {
  const state_change* cut = nullptr;
  const state_change* fold = nullptr;
  std::span<const log_batch* const> batches;
  std::span<const quarantined_event> quarantined;
};

/// What a flush did.
struct flush_report {
  /// One per batch, in their order.
  std::vector<flush_result> results;
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;
};

/// The one writer of a node's store: log, votes, cuts and folds, one
/// transaction and one fsync per flush. Passive, for one thread.
class log_store {
public:
  /// Locks the directory, opens or makes the store, reads what every replica
  /// needs, counts the boot. `report` tells it all.
  /// Errors: `fault::locked`, `foreign`, `newer_schema`, `readonly`, `corrupt`
  ///         and those of the disk.
  static result<log_store> open(const store_options& options,
                                start_report& report);

  log_store(log_store&&) noexcept;
  log_store& operator=(log_store&&) noexcept;
  ~log_store();

  /// Makes a batch durable, all of it or nothing.
  /// Shape:  entries of a job follow the last index of their group, after its
  ///         `cut_from`; groups are those of healthy replicas.
  /// Errors: `fault::full` is survivable: nothing happened. After any other
  ///         fault the process must end.
  result<flush_report> flush(const write_batch& batch);

  /// Checkpoints when the write-ahead log is long enough. Between flushes.
  /// Errors: `fault::full` is survivable, every other one ends the process.
  result<std::optional<checkpoint_state>> checkpoint_if_due();

  /// Checkpoints at once, as far as readers let it. Between flushes.
  /// Errors: likewise.
  result<checkpoint_state> checkpoint();

  /// Empties the write-ahead log and closes the store.
  result<void> close();

  std::uint32_t wal_pages() const;

  /// Marks the replica of a group as damaged, for this process and all later
  /// ones. What it still gets is written but never covered.
  /// Errors: as `flush`.
  result<void> set_aside(group_id group);

  /// Begins a copy of the store in a file that is not there yet. Between
  /// flushes; dropped before the store closes.
  result<page_copy> copy_to(const std::string& path);

  // The disk space of the directory; see `data_folder`.
  result<std::uint64_t> free_bytes() const;
  bool reserve(std::uint64_t bytes);
  std::uint64_t shrink_reserve(std::uint64_t bytes);

private:
  struct inner;

  explicit log_store(std::unique_ptr<inner> x);

  std::unique_ptr<inner> inner_;
};

} // namespace jindou::storage
