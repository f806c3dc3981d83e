#include "messages/little_endian.hpp"
#include "storage/tail_scan.hpp"
#include "tests/fuzz/log_records.hpp"

#include <algorithm>

// The rows above the last cut, as a start finds them: whatever they are, what a
// healthy replica gets is whole and without a gap.

namespace jindou::fuzz {

namespace {

using storage::replica_start;

constexpr std::size_t plan_bytes = 8;

std::vector<replica_start> two_replicas() {
  std::vector<replica_start> res(2);
  for (record::rep_t i = 0; i < 2; ++i) {
    res[i].row.rep = static_cast<record::rep_t>(i + 1);
    res[i].row.group = i + 10U;
    res[i].row.hard_state.term = 200; // some rows have a higher one
  }
  return res;
}

/// Takes `rep, group, index, term, kind, op, damage, length` and a body.
byte_vector next_row(byte_span& input) {
  auto at = [&](std::size_t i) { return std::to_integer<unsigned>(input[i]); };
  record::head h;
  h.rep = static_cast<record::rep_t>(at(0) % 4);
  h.group = 9 + at(1) % 4;
  h.index = at(2);
  h.term = at(3);
  h.kind = static_cast<record::kind>(at(4) % 6);
  h.op = static_cast<std::uint8_t>(at(5));
  auto damage = at(6);
  auto size = std::min<std::size_t>(at(7), input.size() - plan_bytes);
  auto res = stamped(input.subspan(plan_bytes, size), h);
  if (damage > 127)
    res[damage % res.size()] ^= std::byte{1};
  if (damage == 127)
    res.resize(size / 8);
  input = input.subspan(plan_bytes + size);
  return res;
}

void check(const replica_start& x) {
  auto last = x.cut.applied;
  for (auto& one : x.tail) {
    require(one.entry.index == ++last);
    auto head = record::read(one.entry.bytes.span());
    require(head && head->group == x.row.group);
  }
  if (x.healthy())
    static_cast<void>(storage::restored_of(x));
}

void run(byte_span input) {
  auto replicas = two_replicas();
  storage::tail_scan scan{replicas};
  for (position pos = 1; input.size() >= plan_bytes; ++pos)
    if (!scan.add(pos, next_row(input)))
      break;
  for (auto& x : replicas)
    check(x);
}

inputs seeds() {
  inputs res;
  for (unsigned damage : {0U, 127U, 130U}) {
    byte_vector rows;
    for (unsigned index = 2; index < 8; ++index)
      for (unsigned rep = 1; rep <= 2; ++rep) {
        for (auto x :
             {rep, rep, index, 1U, 2U, 1U, index == 5 ? damage : 0U, 3U})
          rows.push_back(static_cast<std::byte>(x));
        rows.resize(rows.size() + 3);
      }
    res.push_back(rows);
  }
  return res;
}

} // namespace

const target log_tail{"log_tail", run, seeds};

} // namespace jindou::fuzz
