#include "storage/reader.hpp"

#include <algorithm>

namespace jindou::storage {

namespace {

/// Rows of one read transaction: far below 100 ms, so that no checkpoint waits
/// for a reader.
constexpr std::size_t rows_per_transaction = 256;

} // namespace

reader::reader(connection db)
    : db_(std::move(db)), row_(db_, "SELECT rec FROM log WHERE pos = ?") {
  // nop
}

result<reader> reader::open(const store_options& options) {
  auto db = connection::open({.path = options.dir + "/store.db",
                              .vfs = options.vfs,
                              .read_only = true,
                              .cache_kib = options.reader_cache_kib});
  if (!db)
    return db.error();
  reader res{std::move(*db)};
  if (auto done = res.read_groups(); !done)
    return done.error();
  return res;
}

result<void> reader::read_groups() {
  statement rows{db_, "SELECT rep, grp FROM replica"};
  for (;;) {
    auto more = rows.step();
    if (!more)
      return more.error();
    if (!*more)
      return {};
    groups_[static_cast<rep_t>(rows.integer(0))]
      = static_cast<group_id>(rows.integer(1));
  }
}

/// Whole, and of the replica that its rep says.
result<bool> reader::sound(byte_span record) {
  auto h = record::read(record);
  if (!h)
    return false;
  auto i = groups_.find(h->rep);
  if (i == groups_.end()) { // made after this connection was opened
    if (auto done = read_groups(); !done)
      return done.error();
    i = groups_.find(h->rep);
  }
  return i != groups_.end() && i->second == h->group;
}

result<void> reader::read_some(std::span<const position> positions,
                               std::size_t bytes_max, byte_vector& block,
                               std::vector<window>& out) {
  auto tx = transaction::begin(db_, transaction::kind::read);
  if (!tx)
    return tx.error();
  for (auto pos : positions) {
    auto found = row_.bind(pos).step();
    if (!found)
      return found.error();
    out.push_back({block.size(), 0});
    if (!*found)
      continue;
    auto record = row_.blob(0);
    auto good = sound(record);
    auto fits = block.size() + record.size() <= bytes_max;
    if (good && *good && fits) {
      block.insert(block.end(), record.begin(), record.end());
      out.back().size = record.size();
    }
    row_.reset();
    if (!good)
      return good.error();
    if (!*good)
      return error{fault::corrupt, 0, 0,
                   "damaged record at position " + std::to_string(pos)};
    if (!fits)
      return error{fault::full, 0, 0, "the answer is too large"};
  }
  return tx->commit();
}

result<std::vector<shared_bytes>>
reader::records(std::span<const position> positions, std::size_t bytes_max) {
  auto block = std::make_shared<byte_vector>();
  std::vector<window> windows;
  windows.reserve(positions.size());
  while (!positions.empty()) {
    auto some
      = positions.first(std::min(positions.size(), rows_per_transaction));
    if (auto done = read_some(some, bytes_max, *block, windows); !done)
      return done.error();
    positions = positions.subspan(some.size());
  }
  std::vector<shared_bytes> res;
  res.reserve(windows.size());
  for (auto& w : windows)
    res.emplace_back(block, block->data() + w.at, w.size);
  return res;
}

} // namespace jindou::storage
