#include "actors/channel/distribution.hpp"

#include "messages/actors.hpp"
#include "messages/wire/codec.hpp"

namespace jindou::actors {

namespace {

command::append_message record_of(const submit_batch& batch,
                                  const submit_item& item,
                                  std::uint32_t chan_no) {
  command::append_message m;
  m.message_id = item.message_id;
  m.chan_no = chan_no;
  m.expire = item.expire;
  m.channel_type = batch.channel.type;
  m.setting = item.setting;
  m.flags = wire::to_bits(item.flags);
  if (batch.system_device)
    m.flags |= command::append_flags::no_duplicate_check;
  m.from_uid = batch.from_uid;
  m.client_msg_no = item.client_msg_no;
  if (chan_no == 0)
    m.channel_id = batch.channel.id;
  m.topic = item.topic;
  m.payload = item.payload;
  return m;
}

/// Cuts record `i` of those that start at `first` out of `block`.
shared_bytes cut(const mutable_block& block, std::uint32_t first,
                 const std::vector<std::uint32_t>& ends, std::size_t i) {
  auto begin = i == 0 ? first : ends[i - 1];
  return {block, block->data() + begin, ends[i] - begin};
}

bool push_record(push_content& out, shared_bytes record, message_seq seq,
                 std::uint64_t log_time, connection_id origin,
                 std::string_view stream) {
  auto body = command::decode_append(record.span());
  if (!body)
    return false;
  out.items.push_back(
    {{std::move(record), *body, seq, log_time}, origin, std::string{stream}});
  return true;
}

} // namespace

distribution::distribution(channel_state& owner, channel_delivery_ptr x)
    : self(&owner), from(std::move(x)) {
  auto& b = batch();
  size = b.items.size();
  channel = b.channel;
  channel_id = b.channel_id;
  from_uid = b.from_uid;
  origin = b.from ? b.from->id() : 0;
  fan_out = b.event != event_type::store;
  receivers = b.receivers;
}

void distribution::build(const std::function<message_id()>& next_id,
                         std::uint32_t chan_no, const mutable_block& shared) {
  auto& b = batch();
  block = shared;
  begin = static_cast<std::uint32_t>(block->size());
  live = std::make_shared<byte_vector>();
  ends.clear(); // may run once more after a fault
  live_ends.clear();
  streams.clear();
  is_stored.clear();
  is_stored.reserve(size);
  for (auto& item : b.items) {
    item.message_id = next_id();
    auto stored = !item.flags.no_persist;
    auto& to = stored ? block : live;
    item.verdict = command::encode(record_of(b, item, chan_no), *to);
    if (item.verdict != errc::none)
      stored = false; // an empty record keeps the order and is not pushed
    if (!item.stream_no.empty()) { // seldom: the others need no memory
      streams.resize(size);
      streams[is_stored.size()] = item.stream_no;
    }
    is_stored.push_back(stored);
    (stored ? ends : live_ends)
      .push_back(static_cast<std::uint32_t>((stored ? block : live)->size()));
  }
}

byte_vector distribution::frames_of_items() {
  byte_vector res;
  for (auto& item : batch().items) {
    wire::send_frame f;
    f.flags = item.flags;
    f.setting = item.setting;
    f.client_seq = item.client_seq;
    f.client_msg_no = item.client_msg_no;
    f.channel_id = channel_id;
    f.channel_type = channel.type;
    f.expire = item.expire;
    f.topic = item.topic;
    f.payload = item.payload;
    (void)wire::encode(f, wire::latest_version, res);
  }
  return res;
}

void distribution::answer() {
  from->answer(errc::none);
}

void distribution::refuse(errc why,
                          const std::function<message_id()>& next_id) {
  if (from->answered())
    return;
  for (auto& item : batch().items) {
    if (item.message_id == 0)
      item.message_id = next_id();
    item.verdict = why;
  }
  answer();
}

void distribution::settle(const applied_batch& x) {
  done = true;
  error = x.error;
  if (error == errc::none)
    results.assign(x.results.begin() + static_cast<std::ptrdiff_t>(first),
                   x.results.begin()
                     + static_cast<std::ptrdiff_t>(first + ends.size()));
  if (from->answered())
    return;
  std::size_t i = 0;
  auto& items = batch().items;
  for (std::size_t n = 0; n < items.size(); ++n) {
    if (!is_stored[n])
      continue;
    if (error != errc::none) {
      items[n].verdict = error;
      continue;
    }
    auto& res = results[i++];
    items[n].verdict = res.error;
    items[n].seq = res.seq;
    items[n].message_id = res.message_id;
  }
}

std::shared_ptr<push_content> distribution::content(std::int64_t now_ms) const {
  auto res = std::make_shared<push_content>();
  res->channel = channel;
  res->channel_id = channel_id;
  res->items.reserve(size);
  std::size_t stored = 0;
  std::size_t passing = 0;
  for (std::size_t n = 0; n < is_stored.size(); ++n) {
    std::string_view stream;
    if (!streams.empty())
      stream = streams[n];
    if (!is_stored[n]) {
      push_record(*res, cut(live, 0, live_ends, passing++), 0,
                  static_cast<std::uint64_t>(now_ms), origin, stream);
      continue;
    }
    auto i = stored++;
    if (error != errc::none || results[i].error != errc::none
        || results[i].duplicate)
      continue;
    push_record(*res, cut(block, begin, ends, i), results[i].seq,
                results[i].log_time, origin, stream);
  }
  return res->items.empty() ? nullptr : res;
}

} // namespace jindou::actors
