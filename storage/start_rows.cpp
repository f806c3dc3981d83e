#include "storage/start_rows.hpp"

namespace jindou::storage {

namespace {

std::uint64_t number(const statement& row, int column) {
  return static_cast<std::uint64_t>(row.integer(column));
}

replica_start replica_of(const statement& row) {
  replica_start res;
  res.row.rep = static_cast<rep_t>(row.integer(0));
  res.row.group = static_cast<group_id>(row.integer(1));
  res.row.replica_id = number(row, 2);
  res.row.state = static_cast<replica_state>(row.integer(3));
  res.row.hard_state = {number(row, 4), number(row, 5)};
  res.row.first_index = number(row, 6);
  res.row.first_term = number(row, 7);
  if (auto members = decode_membership(row.blob(8)))
    res.row.first_members = *members;
  else
    res.quarantine_reason = "members in the replica row damaged";
  if (res.row.state == replica_state::quarantined)
    res.quarantine_reason = "in quarantine since an earlier start";
  return res;
}

void read_cut(const statement& row, replica_start& out) {
  auto& cut = out.cut;
  cut.rep = out.row.rep;
  cut.cut_no = number(row, 1);
  cut.applied = number(row, 2);
  cut.applied_term = number(row, 3);
  cut.digest = number(row, 4);
  cut.log_time = number(row, 5);
  cut.apply_schema = static_cast<std::uint32_t>(row.integer(6));
  cut.feature_level = static_cast<std::uint32_t>(row.integer(7));
  cut.next_chan = static_cast<chan_t>(row.integer(10));
  cut.dd_first = number(row, 11);
  cut.dd_next = number(row, 12);
  cut.keep_from = number(row, 13);
  cut.hook_cursor = number(row, 14);
  auto block = row.blob(15);
  cut.log_block.assign(block.begin(), block.end());
  auto members = decode_membership(row.blob(8));
  auto terms = decode_terms(row.blob(9));
  if (!members || !terms) {
    out.quarantine_reason = "cut row damaged";
    return;
  }
  cut.members = std::move(*members);
  cut.terms = std::move(*terms);
}

} // namespace

result<void> read_replicas(connection& db, start_report& report) {
  statement rows{db, "SELECT rep, grp, replica_id, state, term, vote, "
                     "first_index, first_term, first_members FROM replica "
                     "ORDER BY grp, rep"};
  for (;;) {
    auto more = rows.step();
    if (!more)
      return more.error();
    if (!*more)
      return {};
    report.replicas.push_back(replica_of(rows));
  }
}

result<void> read_cuts(connection& db, start_report& report) {
  statement row{db, "SELECT * FROM cut WHERE rep = ?"};
  for (auto& x : report.replicas) {
    if (!x.healthy())
      continue;
    auto found = row.bind(x.row.rep).step();
    if (!found)
      return found.error();
    if (*found)
      read_cut(row, x);
    else
      x.quarantine_reason = "no cut row";
    row.reset();
  }
  return {};
}

} // namespace jindou::storage
