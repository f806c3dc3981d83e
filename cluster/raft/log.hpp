#pragma once

#include "messages/raft.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

namespace jindou::raft {

/// What a core remembers of the log of its group: terms of everything above
/// the snapshot, bodies of everything not yet applied and of some entries
/// before, and which jobs of the store are under way.
class log {
public:
  /// Shape:  `tail` are the entries above `from.applied` up to `from.last`.
  /// Units:  `cache_bytes_max` bounds the bodies of applied entries.
  log(const restored& from, std::vector<entry> tail,
      std::size_t cache_bytes_max);

  /// Returns the index that the snapshot gives; bodies start above it.
  log_index snapshot_index() const {
    return runs_.front().first;
  }

  log_index last() const {
    return last_;
  }

  term_t last_term() const {
    return runs_.back().term;
  }

  /// Returns the largest index up to which finished jobs wrote everything.
  log_index durable() const {
    return durable_;
  }

  /// Bytes of entries that are not applied.
  std::size_t unapplied_bytes() const {
    return unapplied_bytes_;
  }

  /// Returns the term of an entry.
  /// Shape:  `snapshot_index() <= index <= last()`.
  term_t term_at(log_index index) const;

  /// Says whether the body of an entry is in memory.
  bool holds(log_index index) const {
    return index > last_ - entries_.size() && index <= last_;
  }

  /// Returns an entry that `holds` speaks of.
  const entry& at(log_index index) const;

  /// Adds the next entry, written by `job`, which is at least the last one's.
  void append(entry x, std::uint64_t job);

  /// Notes that `job` and all before it are done.
  void finished(std::uint64_t job);

  /// Notes that everything up to `index` is applied; bodies may go.
  void applied(log_index index);

private:
  /// Entries up to `last` (and above the share before) that one job writes.
  struct share {
    std::uint64_t job = 0;
    log_index last = 0;
  };

  void evict();

  std::vector<term_run> runs_;
  std::deque<entry> entries_; // the newest, ending with last_
  std::deque<share> shares_;  // jobs under way
  log_index last_ = 0;
  log_index durable_ = 0;
  log_index applied_ = 0;
  std::size_t unapplied_bytes_ = 0;
  std::size_t cache_bytes_ = 0;
  std::size_t cache_bytes_max_ = 0;
};

} // namespace jindou::raft
