#pragma once

#include "storage/sqlite.hpp"

#include <map>

namespace jindou::storage {

/// Sorts the rows above the clean position to their replicas, in order of
/// position. A gap or a damaged row puts the replica into quarantine: what the
/// disk lost is never taken for a torn tail.
class tail_scan {
public:
  explicit tail_scan(std::vector<replica_start>& replicas);

  /// Takes one row. False: the row is damaged and nobody knows whose it is.
  bool add(position pos, byte_span record);

private:
  replica_start* by_rep(rep_t rep);
  replica_start* by_group(group_id group);

  std::vector<replica_start>& replicas_;
  std::map<rep_t, std::size_t> reps_;
};

/// Scans the log and finds the next position.
/// Errors: `fault::corrupt` for damage that cannot be pinned on a replica.
result<void> read_tails(connection& db, start_report& report);

} // namespace jindou::storage
