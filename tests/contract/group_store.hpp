#pragma once

#include "tests/contract/same_state.hpp"
#include "tests/support/group_life.hpp"

#include <functional>
#include <map>

namespace jindou::test {

/// Options of a store for a `group_life`: small, with many checkpoints.
storage::store_options small_store(const std::string& dir,
                                   const std::string& vfs = {});

/// Log and state of one data directory, as a node has them open.
struct group_store {
  storage::start_report report;
  std::optional<storage::log_store> log;
  std::unique_ptr<storage::state_store> state;
  /// Where entries above the cut lie, by group.
  std::map<group_id, std::map<raft::log_index, position>> places;
  /// Why it did not open; `none` = it did.
  storage::error fault;

  explicit group_store(const storage::store_options& options);

  bool open() const {
    return fault.what == storage::fault::none;
  }

  const storage::replica_start& start_of(group_id group) const {
    return report.replicas.at(group); // sorted; group 0 is the first
  }

  /// Applies what has been committed and is durable.
  storage::result<void> apply_committed(group_life& life);

  /// Writes the next flush of a life with perhaps a cut and a fold step, calls
  /// `acknowledge` once it is durable, then does what follows it.
  storage::result<void> write_one(group_life& life, std::mt19937_64& random,
                                  const std::function<void()>& acknowledge);

private:
  void open_state(const storage::store_options& options);
};

/// Expects that the disk holds exactly the logs and votes of `life`, or of
/// `after`, which it then becomes, and that every state is what a replay of
/// its log says: as of the cut, and after the committed part of the tail.
/// Returns whether it was `after`.
bool expect_whole(group_store& store, const storage::store_options& options,
                  group_life& life, const group_life& after);

/// Expects `integrity_check` to find nothing.
void expect_sound_pages(const storage::store_options& options);

} // namespace jindou::test
