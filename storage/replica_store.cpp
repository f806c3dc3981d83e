#include "storage/replica_store.hpp"

#include "messages/assert.hpp"

namespace jindou::storage {

replica_store::replica_store(state_tables& tables, clean_channels& clean,
                             const replica_start& from, dedupe_limits limits,
                             std::uint64_t salt)
    : state(from.cut, limits, salt),
      tables_(tables),
      clean_(clean),
      group_(from.row.group),
      cache_(clean),
      members_(tables, from.row.rep) {
  JINDOU_ASSERT(mark_.rep == from.row.rep);
  sealed_applied_ = mark_.applied;
}

// -- channels -----------------------------------------------------------------

result<channel*> replica_store::find(std::uint8_t type, std::string_view id) {
  clean_.shrink();
  if (auto x = cache_.find(type, id)) {
    cache_.used(*x);
    return x;
  }
  auto res = take(tables_.channel(rep(), type, id));
  if (!res)
    return res.error();
  return *res;
}

result<channel*> replica_store::find(chan_t chan_no) {
  clean_.shrink();
  if (auto x = cache_.find(chan_no)) {
    cache_.used(*x);
    return x;
  }
  if (chan_no == 0 || chan_no >= mark_.next_chan)
    return nullptr;
  auto res = take(tables_.channel(rep(), chan_no));
  if (!res)
    return res.error();
  return *res;
}

/// Brings a channel into memory whose row was read.
result<cached_channel*>
replica_store::take(result<std::optional<channel_row>> row) {
  if (!row)
    return row.error();
  if (!*row)
    return nullptr;
  auto head = tables_.head(rep(), (*row)->chan_no);
  if (!head)
    return head.error();
  auto& res
    = cache_.add(std::move(**row), std::move(*head).value_or(channel_head{}));
  cache_.used(res);
  return &res;
}

channel* replica_store::make(const channel_key& key, std::uint64_t log_time) {
  channel_row row;
  row.chan_no = mark_.next_chan++;
  row.key = key;
  row.created = row.updated = log_time;
  auto& res = cache_.add(std::move(row), {});
  touch(res);
  return &res;
}

void replica_store::touch(channel& x) {
  auto& c = cached(x);
  if (c.row_open)
    return;
  c.row_open = true;
  touched_.push_back(c.row.chan_no);
  cache_.used(c);
}

void replica_store::append(channel& x, position pos, std::uint16_t hint) {
  auto& c = cached(x);
  auto& head = c.head;
  head.open.push(pos, hint);
  ++head.last_seq;
  if (head.open.full()) {
    c.full.push_back(std::move(head.open));
    head.open.clear();
    ++full_blocks_;
  }
  pending_.push_back({c.row.chan_no, head.last_seq, pos, hint});
  if (c.listed)
    cache_.used(c); // no longer clean
}

result<position> replica_store::locate(channel& x, message_seq seq) {
  auto& c = cached(x);
  JINDOU_ASSERT(seq >= 1 && seq <= c.head.last_seq);
  auto block = static_cast<std::uint32_t>((seq - 1) / position_block::capacity);
  auto i = static_cast<unsigned>((seq - 1) % position_block::capacity);
  if (block == c.open_block_no())
    return c.head.open.at(i);
  if (block >= c.first_full)
    return c.full[block - c.first_full].at(i);
  auto stored = stored_block(ix_key(rep(), c.row.chan_no, block));
  if (!stored)
    return stored.error();
  return (*stored)->at(i);
}

result<const position_block*> replica_store::stored_block(std::int64_t key) {
  if (key == memo_key_)
    return &memo_;
  auto block = tables_.block(key);
  if (!block)
    return block.error();
  if (!*block || !(*block)->full())
    return damaged("position block is missing");
  memo_ = std::move(**block);
  memo_key_ = key;
  return &memo_;
}

void replica_store::note_entry(raft::log_index index, position pos,
                               std::uint16_t hint) {
  JINDOU_ASSERT((index - 1) % position_block::capacity == log_open_.size());
  log_open_.push(pos, hint);
  if (!log_open_.full())
    return;
  auto no = (index - 1) / position_block::capacity;
  log_full_.push_back({no, log_open_.encode(), false});
  log_open_.clear();
}

result<byte_vector> replica_store::record_at(position pos) {
  return tables_.record_at(pos);
}

result<position_block> replica_store::block_of(chan_t chan_no,
                                               std::uint64_t seq) {
  auto no = (seq - 1) / position_block::capacity;
  if (chan_no == 0) {
    if (no == mark_.applied / position_block::capacity)
      return log_open_;
    for (auto& x : log_full_)
      if (x.no == no)
        return *position_block::decode(x.bytes);
    auto stored = stored_block(log_ix_key(rep(), no));
    if (!stored)
      return stored.error();
    return **stored;
  }
  auto found = find(chan_no);
  if (!found)
    return found.error();
  if (*found == nullptr)
    return damaged("channel is missing");
  auto& c = cached(**found);
  if (no == c.open_block_no())
    return c.head.open;
  if (no >= c.first_full)
    return c.full[no - c.first_full];
  auto stored
    = stored_block(ix_key(rep(), chan_no, static_cast<std::uint32_t>(no)));
  if (!stored)
    return stored.error();
  return **stored;
}

// -- lists --------------------------------------------------------------------

result<bool> replica_store::has(chan_t chan_no, command::list list,
                                std::string_view uid) {
  return members_.has(chan_no, list, uid);
}

void replica_store::add(chan_t chan_no, command::list list,
                        const std::string& uid, std::uint64_t since) {
  members_.add(chan_no, list, uid, since);
}

void replica_store::remove(chan_t chan_no, command::list list,
                           const std::string& uid) {
  members_.remove(chan_no, list, uid);
}

void replica_store::clear(chan_t chan_no, command::list list) {
  members_.clear(chan_no, list);
}

result<std::vector<std::string>> replica_store::list(chan_t chan_no,
                                                     command::list which) {
  return members_.all(chan_no, which);
}

// -- users and what belongs to them -------------------------------------------

result<std::optional<user_row>> replica_store::user(std::string_view uid) {
  if (auto x = users_.find(uid))
    return *x;
  return tables_.user(rep(), uid);
}

void replica_store::put(const user_row& x) {
  users_.set(x.uid, x);
}

result<std::optional<device_row>> replica_store::device(std::string_view uid,
                                                        std::uint8_t flag) {
  if (auto x = devices_.find(device_key{uid, flag}))
    return *x;
  return tables_.device(rep(), uid, flag);
}

void replica_store::put(const device_row& x) {
  devices_.set({x.uid, x.flag}, x);
}

result<std::optional<conversation_row>>
replica_store::conversation(std::string_view uid, const channel_key& channel) {
  conversation_key key{uid, channel.type, channel.id};
  if (auto x = conversations_.find(key))
    return *x;
  return tables_.conversation(rep(), uid, channel);
}

void replica_store::put(const conversation_row& x) {
  conversations_.set({x.uid, x.channel.type, x.channel.id}, x);
}

void replica_store::drop_conversation(const std::string& uid,
                                      const channel_key& channel) {
  conversations_.set({uid, channel.type, channel.id}, std::nullopt);
}

result<std::optional<std::string>>
replica_store::control(std::string_view name) {
  if (auto x = control_.find(name))
    return *x;
  return tables_.control(rep(), name);
}

void replica_store::put_control(const std::string& name, const std::string& x) {
  control_.set(name, x);
}

} // namespace jindou::storage
