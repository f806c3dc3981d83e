#include "messages/assert.hpp"
#include "messages/mutant.hpp"
#include "storage/replica_store.hpp"

#include <algorithm>

// Cuts: what has changed since the last one, as rows.

namespace jindou::storage {

namespace {

/// Rows of duplicates that one cut drops at most.
constexpr std::size_t dedupe_drops_max = 64;

/// A row of duplicates with fewer records is written again with those of the
/// next cut, half a page at most: a node that cuts for every message would
/// leave 259,200 rows of one record behind in three days.
constexpr std::size_t dedupe_row_short = 256;

std::int64_t number(std::uint64_t x) {
  return static_cast<std::int64_t>(x);
}

row_put put_of(std::int64_t key, const channel_row& x, rep_t rep) {
  return {table::channel,
          {key, number(rep), number(x.key.type), x.key.id, number(x.flags),
           number(x.counts[0]), number(x.counts[1]), number(x.counts[2]),
           number(x.list_version), number(x.created), number(x.updated)}};
}

row_put put_of(const user_row& x, rep_t rep) {
  return {table::user, {number(rep), x.uid, x.plugin_no, number(x.created)}};
}

row_put put_of(const device_row& x, rep_t rep) {
  return {table::device,
          {number(rep), x.uid, number(x.flag),
           number(static_cast<std::uint8_t>(x.level)), x.token,
           number(x.updated)}};
}

row_put put_of(const conversation_row& x, rep_t rep) {
  return {table::conversation,
          {number(rep), x.uid, number(x.channel.type), x.channel.id,
           number(x.kind), number(x.read_to), number(x.deleted_at),
           number(x.created), number(x.updated)}};
}

} // namespace

std::size_t replica_store::open_rows() const {
  return touched_.size() + members_.open() + users_.open() + devices_.open()
         + conversations_.open() + control_.open();
}

state_change replica_store::seal() {
  JINDOU_ASSERT(loaded_ && !cut_under_way_);
  state_change res;
  res.what = state_change::kind::cut;
  res.rep = rep();
  res.group = group_;
  res.applied = mark_.applied;
  ++mark_.cut_no;
  seal_journal(res);
  seal_channels(res);
  members_.seal(res);
  seal_users(res);
  seal_log_blocks(res);
  seal_dedupe(res);
  mark_.log_block = log_open_.encode();
  JINDOU_MUTANT_POINT("cut-too-far", ++res.applied; ++mark_.applied);
  res.puts.push_back(storage::put_of(mark_));
  JINDOU_MUTANT_POINT("cut-too-far", --mark_.applied);
  sealed_applied_ = mark_.applied;
  cut_under_way_ = true;
  return res;
}

void replica_store::seal_journal(state_change& to) {
  if (pending_.empty())
    return;
  auto order = [](const journal_entry& x) {
    return std::pair{x.chan_no, x.seq};
  };
  std::ranges::sort(pending_, {}, order);
  chan_t last = 0;
  for (auto& x : pending_) {
    if (x.chan_no == last)
      continue;
    last = x.chan_no;
    auto* c = cache_.find(last);
    JINDOU_ASSERT(c != nullptr);
    c->cut_seq = c->head.last_seq;
    await_fold(*c);
  }
  auto blob = encode_journal(pending_);
  journal_bytes_ += blob.size();
  to.puts.push_back(
    {table::journal, {serial_key(rep(), mark_.cut_no), std::move(blob)}});
  pending_.clear();
}

void replica_store::await_fold(cached_channel& x) {
  if (x.awaits_fold)
    return;
  x.awaits_fold = true;
  awaiting_.push_back(x.row.chan_no);
  cache_.used(x);
}

void replica_store::seal_channels(state_change& to) {
  for (auto chan_no : touched_) {
    auto* c = cache_.find(chan_no);
    JINDOU_ASSERT(c != nullptr && c->row_open);
    c->row_open = false;
    c->row_sealed = true;
    to.puts.push_back(put_of(chan_key(rep(), chan_no), c->row, rep()));
  }
  sealed_ = std::move(touched_);
  touched_.clear();
}

void replica_store::seal_users(state_change& to) {
  users_.seal([&](const auto&, const auto& row) {
    to.puts.push_back(put_of(*row, rep()));
  });
  devices_.seal([&](const auto&, const auto& row) {
    to.puts.push_back(put_of(*row, rep()));
  });
  conversations_.seal([&](const conversation_key& key, const auto& row) {
    auto& [uid, type, id] = key;
    if (row)
      to.puts.push_back(put_of(*row, rep()));
    else
      to.drops.push_back(
        {table::conversation, {number(rep()), uid, number(type), id}});
  });
  control_.seal([&](const auto& name, const auto& x) {
    auto bytes = as_bytes(*x);
    to.puts.push_back(
      {table::control,
       {number(rep()), name, byte_vector{bytes.begin(), bytes.end()}}});
  });
}

void replica_store::seal_log_blocks(state_change& to) {
  for (auto& x : log_full_) {
    if (x.sealed)
      continue;
    x.sealed = true;
    to.puts.push_back({table::ix, {log_ix_key(rep(), x.no), x.bytes}});
  }
}

void replica_store::seal_dedupe(state_change& to) {
  auto from = begin_dedupe_row();
  std::vector<dedupe_record> row;
  while (from < ring_.next()) {
    auto n
      = std::min<std::uint64_t>(dedupe_records_per_row, ring_.next() - from);
    row.clear();
    for (std::uint64_t i = 0; i < n; ++i)
      row.push_back(ring_.at(from + i));
    to.puts.push_back(
      {table::dedupe, {serial_key(rep(), from), encode_dedupe(row)}});
    dedupe_rows_.push_back(from);
    from += n;
  }
  dedupe_sealed_ = ring_.next();
  mark_.dd_first = ring_.first();
  mark_.dd_next = ring_.next();
  drop_old_dedupe(to);
}

/// Where the rows of this cut begin: behind the last one, or in its place. That
/// needs all its records, and none whose hash another format has.
std::uint64_t replica_store::begin_dedupe_row() {
  auto next = std::max(dedupe_sealed_, ring_.first());
  if (next == ring_.next() || dedupe_rows_.empty())
    return next;
  auto last = dedupe_rows_.back();
  if (last < ring_.first() || last < ring_.former_end()
      || dedupe_sealed_ - last >= dedupe_row_short)
    return next;
  dedupe_rows_.pop_back();
  return last;
}

void replica_store::drop_old_dedupe(state_change& to) {
  row_drop_range gone{table::dedupe, 0, 0};
  for (std::size_t i = 0; i < dedupe_drops_max && dedupe_rows_.size() >= 2
                          && dedupe_rows_[1] <= ring_.first();
       ++i) {
    auto key = serial_key(rep(), dedupe_rows_.front());
    if (gone.first == 0)
      gone.first = key;
    gone.last = key;
    dedupe_rows_.pop_front();
  }
  if (gone.first != 0)
    to.ranges.push_back(gone);
}

void replica_store::done(state_change::kind what) {
  if (what == state_change::kind::cut)
    cut_done();
  else
    fold_done();
}

void replica_store::cut_done() {
  JINDOU_ASSERT(cut_under_way_);
  cut_under_way_ = false;
  for (auto chan_no : sealed_) {
    auto* c = cache_.find(chan_no);
    JINDOU_ASSERT(c != nullptr);
    c->row_sealed = false;
    cache_.used(*c);
  }
  sealed_.clear();
  members_.done();
  users_.done();
  devices_.done();
  conversations_.done();
  control_.done();
  while (!log_full_.empty() && log_full_.front().sealed)
    log_full_.pop_front();
}

} // namespace jindou::storage
