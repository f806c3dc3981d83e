#include "storage/channel_cache.hpp"

#include "messages/assert.hpp"

namespace jindou::storage {

// -- clean_channels -----------------------------------------------------------

void clean_channels::used(channel_cache& of, cached_channel& x) {
  if (!x.clean()) {
    remove(x);
    return;
  }
  if (x.listed) {
    list_.splice(list_.end(), list_, x.place);
    return;
  }
  x.place = list_.emplace(list_.end(), &of, x.row.chan_no);
  x.listed = true;
  // Two map nodes and a list node come on top of the object itself.
  x.bytes = sizeof(cached_channel) + 120 + x.row.key.id.size()
            + x.head.open.encoded_bytes();
  bytes_ += x.bytes;
}

void clean_channels::remove(cached_channel& x) {
  if (!x.listed)
    return;
  list_.erase(x.place);
  x.listed = false;
  bytes_ -= x.bytes;
}

void clean_channels::shrink() {
  while (bytes_ > bytes_max_ && !list_.empty()) {
    auto [of, chan_no] = list_.front();
    of->forget(chan_no);
  }
}

// -- channel_cache ------------------------------------------------------------

channel_cache::~channel_cache() {
  for (auto& [chan_no, x] : by_no_)
    clean_.remove(*x);
}

cached_channel* channel_cache::find(std::uint8_t type, std::string_view id) {
  auto i = by_key_.find(key{type, id});
  return i == by_key_.end() ? nullptr : i->second;
}

cached_channel* channel_cache::find(chan_t chan_no) {
  auto i = by_no_.find(chan_no);
  return i == by_no_.end() ? nullptr : i->second.get();
}

cached_channel& channel_cache::add(channel_row row, channel_head head) {
  auto chan_no = row.chan_no;
  auto x = std::make_unique<cached_channel>();
  x->row = std::move(row);
  x->head = std::move(head);
  x->cut_seq = x->folded_seq = x->head.last_seq;
  x->first_full = x->open_block_no();
  auto& res = *x;
  auto added = by_no_.emplace(chan_no, std::move(x)).second;
  JINDOU_ASSERT(added);
  by_key_.emplace(key{res.row.key.type, res.row.key.id}, &res);
  return res;
}

void channel_cache::forget(chan_t chan_no) {
  auto i = by_no_.find(chan_no);
  JINDOU_ASSERT(i != by_no_.end() && i->second->clean());
  auto& x = *i->second;
  clean_.remove(x);
  by_key_.erase(key{x.row.key.type, x.row.key.id});
  by_no_.erase(i);
}

} // namespace jindou::storage
