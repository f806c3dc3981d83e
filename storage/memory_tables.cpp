#include "storage/memory_tables.hpp"

#include "messages/assert.hpp"

namespace jindou::storage {

namespace {

template <class Map, class Key>
auto look_up(const Map& map, const Key& key) {
  auto i = map.find(key);
  using row = typename Map::mapped_type;
  return i == map.end() ? std::optional<row>{} : std::optional<row>{i->second};
}

} // namespace

memory_tables::memory_tables(const cut_row& mark, dedupe_limits limits)
    : state(mark, limits, 0) {
  places_[0].resize(mark.applied);
}

void memory_tables::keep(position pos, byte_vector record) {
  records_[pos] = std::move(record);
}

// -- channels -----------------------------------------------------------------

result<channel*> memory_tables::find(std::uint8_t type, std::string_view id) {
  auto i = numbers_.find(channel_key{type, std::string{id}});
  return i == numbers_.end() ? nullptr : &channels_[i->second - 1];
}

result<channel*> memory_tables::find(chan_t chan_no) {
  if (chan_no == 0 || chan_no > channels_.size())
    return nullptr;
  return &channels_[chan_no - 1];
}

channel* memory_tables::make(const channel_key& key, std::uint64_t log_time) {
  auto chan_no = mark_.next_chan++;
  JINDOU_ASSERT(chan_no == channels_.size() + 1);
  auto& res = channels_.emplace_back();
  res.row.chan_no = chan_no;
  res.row.key = key;
  res.row.created = res.row.updated = log_time;
  numbers_.emplace(key, chan_no);
  return &res;
}

void memory_tables::touch(channel&) {
  // nop: the row itself was changed
}

void memory_tables::append(channel& x, position pos, std::uint16_t hint) {
  auto& head = x.head;
  head.open.push(pos, hint);
  ++head.last_seq;
  if (head.open.full())
    head.open.clear();
  places_[x.row.chan_no].push_back({pos, hint});
}

result<position> memory_tables::locate(channel& x, message_seq seq) {
  return places_[x.row.chan_no].at(seq - 1).pos;
}

void memory_tables::note_entry(raft::log_index index, position pos,
                               std::uint16_t hint) {
  auto& places = places_[0];
  places.push_back({pos, hint});
  JINDOU_ASSERT(places.size() == index);
}

result<byte_vector> memory_tables::record_at(position pos) {
  return look_up(records_, pos).value_or(byte_vector{});
}

const std::vector<memory_tables::place>& memory_tables::places(chan_t chan_no) {
  return places_[chan_no];
}

// -- lists --------------------------------------------------------------------

result<bool> memory_tables::has(chan_t chan_no, command::list list,
                                std::string_view uid) {
  auto& uids = lists_[{chan_no, list}];
  return uids.find(uid) != uids.end();
}

void memory_tables::add(chan_t chan_no, command::list list,
                        const std::string& uid, std::uint64_t since) {
  lists_[{chan_no, list}][uid] = since;
}

void memory_tables::remove(chan_t chan_no, command::list list,
                           const std::string& uid) {
  lists_[{chan_no, list}].erase(uid);
}

void memory_tables::clear(chan_t chan_no, command::list list) {
  lists_[{chan_no, list}].clear();
}

result<std::vector<std::string>> memory_tables::list(chan_t chan_no,
                                                     command::list which) {
  std::vector<std::string> res;
  for (auto& [uid, since] : lists_[{chan_no, which}])
    res.push_back(uid);
  return res;
}

// -- users and what belongs to them -------------------------------------------

result<std::optional<user_row>> memory_tables::user(std::string_view uid) {
  return look_up(users_, uid);
}

void memory_tables::put(const user_row& x) {
  users_[x.uid] = x;
}

result<std::optional<device_row>> memory_tables::device(std::string_view uid,
                                                        std::uint8_t flag) {
  return look_up(devices_, std::pair{std::string{uid}, flag});
}

void memory_tables::put(const device_row& x) {
  devices_[{x.uid, x.flag}] = x;
}

result<std::optional<conversation_row>>
memory_tables::conversation(std::string_view uid, const channel_key& channel) {
  return look_up(conversations_, std::pair{std::string{uid}, channel});
}

void memory_tables::put(const conversation_row& x) {
  conversations_[{x.uid, x.channel}] = x;
}

void memory_tables::drop_conversation(const std::string& uid,
                                      const channel_key& channel) {
  conversations_.erase({uid, channel});
}

result<std::optional<std::string>>
memory_tables::control(std::string_view name) {
  return look_up(control_, name);
}

void memory_tables::put_control(const std::string& name, const std::string& x) {
  control_[name] = x;
}

} // namespace jindou::storage
