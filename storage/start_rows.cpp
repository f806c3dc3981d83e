#include "storage/start_rows.hpp"

#include "messages/limits.hpp"
#include "storage/start_check.hpp"

#include <algorithm>
#include <set>

namespace jindou::storage {

namespace {

std::uint64_t number(const statement& row, int column) {
  return static_cast<std::uint64_t>(row.integer(column));
}

/// Reads the numbers of a row and notes the first one beyond its range, for
/// which there is 0.
class ranged_row {
public:
  ranged_row(const statement& row, const char* name) : row_(row), name_(name) {
    // nop
  }

  std::uint64_t number(int column, const char* what, std::uint64_t least,
                       std::uint64_t most) {
    auto x = row_.integer(column);
    auto res = static_cast<std::uint64_t>(x); // below 0 = above everything
    if (res >= least && res <= most)
      return res;
    if (wrong_.empty())
      wrong_
        = std::string{name_} + " row: " + what + " is " + std::to_string(x);
    return 0;
  }

  const std::string& wrong() const {
    return wrong_;
  }

private:
  const statement& row_;
  const char* name_;
  std::string wrong_;
};

constexpr std::uint64_t uint32_max = 0xffff'ffff;
constexpr group_id no_group = 0xffff'ffff;
/// Ids: what SQLite can hold.
constexpr std::uint64_t id_max = ~std::uint64_t{0} >> 1;
/// Each start needs a higher term than the last one.
constexpr std::uint64_t term_max = id_max >> 1;
/// Indexes beyond have no key in `ix`.
constexpr std::uint64_t index_max = std::uint64_t{1} << 42;
/// Numbers of cuts and of duplicate records go on from here.
constexpr std::uint64_t ordinal_max = serial_max / 2;
/// The year 2109. Message ids, which have 41 bits from 2010, end before.
constexpr std::uint64_t log_time_max = std::uint64_t{1} << 42;

replica_start replica_of(const statement& row) {
  ranged_row from{row, "replica"};
  replica_start res;
  auto& to = res.row;
  to.group = static_cast<group_id>(from.number(1, "grp", 0, limits::slots));
  if (!from.wrong().empty())
    to.group = no_group;
  to.rep = static_cast<rep_t>(from.number(0, "rep", 1, rep_max));
  to.replica_id = from.number(2, "replica_id", 1, id_max);
  auto state = from.number(3, "state", 1, 4);
  to.state = state == 0 ? replica_state::active // to be set aside like others
                        : static_cast<replica_state>(state);
  to.hard_state.term = from.number(4, "term", 1, term_max);
  to.hard_state.vote = from.number(5, "vote", 0, id_max);
  to.first_index = from.number(6, "first_index", 1, index_max);
  to.first_term = from.number(7, "first_term", 1, term_max);
  if (auto members = decode_membership(row.blob(8)))
    to.first_members = *members;
  else
    res.quarantine_reason = "members in the replica row damaged";
  if (!from.wrong().empty())
    res.quarantine_reason = from.wrong();
  if (to.state == replica_state::quarantined)
    res.quarantine_reason = "in quarantine since an earlier start";
  return res;
}

/// Numbers of a cut. Returns which one is out of its range; empty = none.
std::string read_numbers(const statement& row, cut_row& cut) {
  ranged_row from{row, "cut"};
  auto small = [&](int column, const char* what, std::uint64_t least,
                   std::uint64_t most) {
    return static_cast<std::uint32_t>(from.number(column, what, least, most));
  };
  cut.cut_no = from.number(1, "cut_no", 0, ordinal_max);
  cut.applied = from.number(2, "applied", 1, index_max);
  cut.applied_term = from.number(3, "applied_term", 1, term_max);
  cut.digest = number(row, 4); // any bits
  cut.log_time = from.number(5, "log_time", 0, log_time_max);
  cut.apply_schema = small(6, "apply_schema", 1, uint32_max);
  cut.feature_level = small(7, "feature_level", 0, uint32_max);
  cut.next_chan = small(10, "next_chan", 1, chan_max);
  cut.dd_first = from.number(11, "dd_first", 0, ordinal_max);
  cut.dd_next = from.number(12, "dd_next", cut.dd_first, ordinal_max);
  cut.keep_from = from.number(13, "keep_from", 0, index_max);
  cut.hook_cursor = from.number(14, "hook_cursor", 0, index_max);
  return from.wrong();
}

void read_cut(const statement& row, replica_start& out) {
  auto& cut = out.cut;
  cut.rep = out.row.rep;
  auto wrong = read_numbers(row, cut);
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
  out.quarantine_reason = wrong.empty() ? contradiction_in(out) : wrong;
}

/// Groups have numbers without a gap, which say where each key lies: one beyond
/// would misplace them all. Whose number is damaged stands for one that is
/// missing.
void number_groups(std::vector<replica_start>& all) {
  std::set<group_id> taken;
  for (auto& x : all)
    taken.insert(x.row.group);
  group_id missing = 0;
  for (auto& x : all) {
    auto as_made = x.row.group != no_group && x.row.group + 1 == x.row.rep;
    if (as_made || x.row.group < all.size())
      continue;
    if (x.quarantine_reason.empty())
      x.quarantine_reason
        = "replica row: grp is " + std::to_string(x.row.group);
    while (taken.contains(missing))
      ++missing;
    x.row.group = missing++;
  }
  std::ranges::stable_sort(all, {}, [](auto& x) { return x.row.group; });
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
      break;
    report.replicas.push_back(replica_of(rows));
  }
  number_groups(report.replicas);
  return {};
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
