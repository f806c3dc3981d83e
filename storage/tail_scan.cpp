#include "storage/tail_scan.hpp"

#include <algorithm>

namespace jindou::storage {

namespace {

std::string at_position(const char* what, position pos) {
  return what + std::to_string(pos);
}

void add_entry(replica_start& to, position pos, const record::head& h,
               byte_span record) {
  if (h.index <= to.cut.applied)
    return;
  auto last = to.tail.empty() ? to.cut.applied : to.tail.back().entry.index;
  auto term = to.tail.empty() ? to.cut.applied_term : to.tail.back().entry.term;
  if (h.index != last + 1 || h.term < term) {
    to.quarantine_reason = at_position("log not contiguous at position ", pos);
    return;
  }
  if (h.term > to.row.hard_state.term) {
    to.quarantine_reason
      = at_position("term above the replica's at position ", pos);
    return;
  }
  shared_bytes bytes{byte_vector{record.begin(), record.end()}};
  to.tail.push_back({{h.index, h.term, h.kind, bytes}, pos, h.log_time});
}

} // namespace

tail_scan::tail_scan(std::vector<replica_start>& replicas)
    : replicas_(replicas) {
  for (std::size_t i = 0; i < replicas.size(); ++i)
    reps_[replicas[i].row.rep] = i;
}

replica_start* tail_scan::by_rep(rep_t rep) {
  auto i = reps_.find(rep);
  return i == reps_.end() ? nullptr : &replicas_[i->second];
}

replica_start* tail_scan::by_group(group_id group) {
  auto i = std::find_if(replicas_.begin(), replicas_.end(), [&](auto& x) {
    return x.row.group == group && x.row.state == replica_state::active;
  });
  return i == replicas_.end() ? nullptr : &*i;
}

bool tail_scan::add(position pos, byte_span record) {
  if (record.size() < record::head_bytes)
    return false;
  auto owner = by_rep(record::peek(record).rep);
  auto h = record::read(record);
  if (!h) { // the rep is outside the crc and probably sound
    if (owner == nullptr)
      return false;
    if (owner->healthy())
      owner->quarantine_reason
        = at_position("damaged record at position ", pos);
    return true;
  }
  if (owner == nullptr || owner->row.group != h->group) {
    auto robbed = by_group(h->group); // whose row was taken by a false rep
    if (robbed == nullptr)
      return false;
    robbed->quarantine_reason = at_position("false rep at position ", pos);
    return true;
  }
  if (owner->healthy())
    add_entry(*owner, pos, *h, record);
  return true;
}

result<void> read_tails(connection& db, start_report& report) {
  tail_scan scan{report.replicas};
  statement rows{db, "SELECT pos, rec FROM log WHERE pos > ? ORDER BY pos"};
  rows.bind(report.clean_pos);
  auto last = report.clean_pos;
  for (;;) {
    auto more = rows.step();
    if (!more)
      return more.error();
    if (!*more)
      break;
    last = static_cast<position>(rows.integer(0));
    if (!scan.add(last, rows.blob(1)))
      return error{fault::corrupt, 0, 0,
                   at_position("damaged record at position ", last)};
  }
  report.next_position = last + 1;
  return {};
}

} // namespace jindou::storage
