#include "messages/assert.hpp"
#include "messages/mutant.hpp"
#include "storage/replica_store.hpp"

#include <algorithm>

// Folds: the journal moves into heads and position blocks, a few rows at a
// time. Until the last step the journal says the same once more, so a fold may
// end anywhere.

namespace jindou::storage {

std::size_t replica_store::fold_steps_left() const {
  auto chans
    = fold_.active ? fold_.chans.size() - fold_.next : awaiting_.size();
  return (chans + full_blocks_) / fold_rows_max + 1;
}

void replica_store::begin_fold() {
  JINDOU_ASSERT(!fold_.active && !cut_under_way_);
  fold_ = {};
  fold_.active = true;
  fold_.to_cut = mark_.cut_no;
  fold_.bytes = journal_bytes_;
  fold_.chans = std::move(awaiting_);
  awaiting_.clear();
  std::ranges::sort(fold_.chans);
}

state_change replica_store::next_fold_step() {
  JINDOU_ASSERT(fold_.active && !fold_.under_way && !cut_under_way_);
  state_change res;
  res.what = state_change::kind::fold;
  res.rep = rep();
  res.group = group_;
  fold_.step.clear();
  while (fold_.next < fold_.chans.size()
         && fold_channel(fold_.chans[fold_.next], res))
    ++fold_.next;
  JINDOU_MUTANT_POINT(
    "journal-too-early",
    res.ranges.push_back(
      {table::journal, serial_key(rep(), 0), serial_key(rep(), fold_.to_cut)}));
  if (fold_.next == fold_.chans.size()) {
    fold_.last_step = true;
    res.ranges.push_back(
      {table::journal, serial_key(rep(), 0), serial_key(rep(), fold_.to_cut)});
  }
  fold_.under_way = true;
  return res;
}

/// Adds the rows of one channel as of the last cut, which is durable; newer
/// ones would be counted twice by the tail. False = the step is full and the
/// channel needs another one.
bool replica_store::fold_channel(chan_t chan_no, state_change& to) {
  auto* c = cache_.find(chan_no);
  JINDOU_ASSERT(c != nullptr && c->awaits_fold);
  auto cut_block = c->cut_seq / position_block::capacity;
  auto blocks = static_cast<std::size_t>(cut_block - c->first_full);
  auto room = fold_rows_max - to.puts.size();
  // A channel's rows stay together unless they fill steps alone.
  if (blocks + 1 > room && !to.puts.empty())
    return false;
  folded_part part;
  part.chan_no = chan_no;
  part.blocks = std::min(blocks, room);
  for (std::size_t i = 0; i < part.blocks; ++i) {
    auto no = static_cast<std::uint32_t>(c->first_full + i);
    to.puts.push_back(
      {table::ix, {ix_key(rep(), chan_no, no), c->full[i].encode()}});
  }
  if (blocks + 1 <= room) {
    part.head_seq = c->cut_seq;
    to.puts.push_back(
      {table::head, {chan_key(rep(), chan_no), head_as_of_cut(*c)}});
  }
  fold_.step.push_back(part);
  return part.head_seq.has_value();
}

byte_vector replica_store::head_as_of_cut(const cached_channel& x) const {
  JINDOU_MUTANT_POINT("fold-too-new", return encode_head(x.head));
  auto block = x.cut_seq / position_block::capacity;
  auto n = static_cast<unsigned>(x.cut_seq % position_block::capacity);
  const auto& from
    = block == x.open_block_no() ? x.head.open : x.full[block - x.first_full];
  return encode_head({x.cut_seq, x.head.first_seq, from.first(n)});
}

void replica_store::fold_done() {
  JINDOU_ASSERT(fold_.active && fold_.under_way);
  fold_.under_way = false;
  for (auto& part : fold_.step) {
    auto* c = cache_.find(part.chan_no);
    JINDOU_ASSERT(c != nullptr);
    auto end = c->full.begin() + static_cast<std::ptrdiff_t>(part.blocks);
    c->full.erase(c->full.begin(), end);
    full_blocks_ -= part.blocks;
    c->first_full += static_cast<std::uint32_t>(part.blocks);
    if (!part.head_seq)
      continue;
    c->folded_seq = *part.head_seq;
    c->awaits_fold = false;
    if (c->cut_seq != c->folded_seq)
      await_fold(*c); // a cut came in between
    cache_.used(*c);
  }
  fold_.step.clear();
  if (!fold_.last_step)
    return;
  journal_bytes_ -= fold_.bytes;
  fold_ = {};
}

} // namespace jindou::storage
