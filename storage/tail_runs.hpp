#pragma once

#include "messages/raft.hpp"
#include "messages/store.hpp"

#include <optional>
#include <vector>

namespace jindou::storage {

/// Positions in first...last.
struct position_range {
  position first = 0;
  position last = 0;

  friend bool operator==(const position_range&, const position_range&)
    = default;
};

/// Where the entries of one replica lie that are above its cut: runs of
/// consecutive indexes at consecutive positions. Changes count only from
/// `commit` on; `rollback` undoes them.
class tail_runs {
public:
  /// Starts empty behind `applied`, the index of the cut.
  explicit tail_runs(raft::log_index applied = 0)
      : floor_(applied), last_(applied) {
    // nop
  }

  /// Index of the last entry; that of the cut if there is none.
  raft::log_index last() const {
    return last_;
  }

  /// Index of the last committed cut.
  raft::log_index covered() const {
    return floor_;
  }

  /// Says that the entry `last() + 1` lies at `pos`, which rises.
  void append(position pos);

  /// Removes the entries from `index` on and returns where they lay.
  /// Shape: `index` is above the cut.
  std::vector<position_range> cut_from(raft::log_index index);

  void commit();
  void rollback();

  /// Forgets what a committed cut at `applied` covers.
  void forget_to(raft::log_index applied);

  /// Position of the first entry above `applied`.
  std::optional<position> first_above(raft::log_index applied) const;

  std::size_t size() const {
    return runs_.size();
  }

private:
  struct run {
    raft::log_index first;
    position pos;
    std::uint64_t count;
  };

  /// What a rollback needs. Appends alone only lengthen: no copy for them.
  struct undo {
    raft::log_index last;
    std::size_t size;
    std::uint64_t last_count;
    std::optional<std::vector<run>> before;
  };

  void touch();

  std::vector<run> runs_;
  raft::log_index floor_;
  raft::log_index last_;
  std::optional<undo> undo_;
};

} // namespace jindou::storage
