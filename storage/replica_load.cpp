#include "storage/replica_store.hpp"

// The start of one replica: what the last cut left in journal and duplicate
// rows comes back into memory.

namespace jindou::storage {

result<void> replica_store::load() {
  // Millions of look-ups; those of the locks of each took a third of a start.
  auto held = tables_.hold();
  if (!held)
    return held.error();
  if (auto done = load_log_block(); !done)
    return done;
  if (auto done = load_journal(); !done)
    return done;
  if (auto done = load_dedupe(); !done)
    return done;
  if (auto done = held->commit(); !done)
    return done;
  loaded_ = true;
  return {};
}

result<void> replica_store::load_log_block() {
  auto n = mark_.applied % position_block::capacity;
  if (!mark_.log_block.empty()) {
    auto block = position_block::decode(mark_.log_block);
    if (!block || block->size() != n)
      return damaged("open block of the log");
    log_open_ = std::move(*block);
    return {};
  }
  // Nothing was cut yet: entries up to the initial mark have no rows.
  while (log_open_.size() < n)
    log_open_.push(0, 0);
  return {};
}

result<void> replica_store::load_journal() {
  for (std::uint64_t cut_no = 0;;) {
    auto row = tables_.journal_from(rep(), cut_no);
    if (!row)
      return row.error();
    if (!*row)
      return {};
    auto entries = decode_journal((*row)->bytes);
    if (!entries || (*row)->cut_no > mark_.cut_no)
      return damaged("journal");
    if (auto done = replay(*entries); !done)
      return done;
    journal_bytes_ += (*row)->bytes.size();
    cut_no = (*row)->cut_no + 1;
  }
}

/// Brings heads to where the cut had them. A fold may have been half done, so
/// a head may already be further than these entries.
result<void> replica_store::replay(const std::vector<journal_entry>& entries) {
  cached_channel* x = nullptr;
  for (auto& entry : entries) {
    if (x == nullptr || x->row.chan_no != entry.chan_no) {
      auto found = find(entry.chan_no);
      if (!found)
        return found.error();
      if (*found == nullptr)
        return damaged("channel of a journal entry is missing");
      x = &cached(**found);
      await_fold(*x);
    }
    auto& head = x->head;
    if (entry.seq <= head.last_seq)
      continue;
    if (entry.seq != head.last_seq + 1 || entry.pos < head.open.last())
      return damaged("journal entry does not follow the head");
    append(*x, entry.pos, entry.hint);
    x->cut_seq = head.last_seq;
  }
  pending_.clear(); // they are in the journal already
  return {};
}

result<void> replica_store::load_dedupe() {
  ring_.restart(mark_.dd_first);
  dedupe_sealed_ = mark_.dd_next;
  auto done = tables_.each_dedupe(rep(), [this](auto first, auto bytes) {
    return take_dedupe(first, bytes);
  });
  if (!done)
    return done;
  if (ring_.next() != mark_.dd_next)
    return damaged("duplicate records are missing");
  return {};
}

result<void> replica_store::take_dedupe(std::uint64_t first, byte_span bytes) {
  auto row = decode_dedupe(bytes);
  if (!row)
    return damaged("duplicate records");
  dedupe_rows_.push_back(first);
  for (std::size_t i = 0; i < row->records.size(); ++i) {
    auto ordinal = first + i;
    if (ordinal < mark_.dd_first)
      continue;
    if (ordinal != ring_.next())
      return damaged("duplicate records do not follow each other");
    ring_.add(row->records[i]);
  }
  if (row->former)
    ring_.mark_former();
  return {};
}

} // namespace jindou::storage
