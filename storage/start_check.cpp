#include "storage/start_check.hpp"

#include <algorithm>

namespace jindou::storage {

namespace {

std::string text(std::uint64_t x) {
  return std::to_string(x);
}

/// A cluster has one node so far: whoever is not alone never leads.
bool is_only_voter(const raft::membership& in, raft::replica_id self) {
  std::size_t voters = 0;
  auto among = false;
  for (auto& x : in.all) {
    if (x.role != raft::member_role::voter)
      continue;
    ++voters;
    among = among || x.id == self;
  }
  return among && voters == 1;
}

std::string wrong_members(const replica_start& x) {
  auto self = x.row.replica_id;
  auto what = ": replica " + text(self) + " is not the only voter";
  if (!is_only_voter(x.row.first_members, self))
    return "replica row" + what;
  if (!is_only_voter(x.cut.members, self))
    return "cut row" + what;
  return "";
}

std::string wrong_runs(const cut_row& cut) {
  auto& runs = cut.terms;
  if (runs.empty())
    return "cut row: no run of terms";
  auto falls = [](const raft::term_run& a, const raft::term_run& b) {
    return b.first <= a.first || b.term <= a.term;
  };
  auto at = std::ranges::adjacent_find(runs, falls);
  if (at != runs.end())
    return "cut row: runs of terms do not rise behind index " + text(at->first);
  if (runs.back().first > cut.applied)
    return "cut row: a run of terms begins at " + text(runs.back().first)
           + ", above the applied index " + text(cut.applied);
  if (runs.back().term > cut.applied_term)
    return "cut row: term " + text(runs.back().term)
           + " above the applied term " + text(cut.applied_term);
  return "";
}

/// The runs must go on from where the log begins. Shape: they are sound.
bool fits_runs(const replica_row& row,
               const std::vector<raft::term_run>& runs) {
  auto begins_above
    = [&](const raft::term_run& run) { return run.first > row.first_index; };
  auto above = std::ranges::find_if(runs, begins_above);
  if (above == runs.begin()) // those below are forgotten
    return row.first_term <= above->term;
  return row.first_term == std::prev(above)->term;
}

} // namespace

std::string contradiction_in(const replica_start& x) {
  if (auto wrong = wrong_members(x); !wrong.empty())
    return wrong;
  if (auto wrong = wrong_runs(x.cut); !wrong.empty())
    return wrong;
  if (x.row.first_index > x.cut.applied)
    return "replica row: first index " + text(x.row.first_index)
           + " above the applied index " + text(x.cut.applied);
  if (!fits_runs(x.row, x.cut.terms))
    return "replica row: first term " + text(x.row.first_term)
           + " contradicts the runs of terms";
  if (x.row.hard_state.term < x.cut.applied_term)
    return "replica row: term " + text(x.row.hard_state.term)
           + " below the applied term " + text(x.cut.applied_term);
  return "";
}

} // namespace jindou::storage
