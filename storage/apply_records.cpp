#include "messages/hash.hpp"
#include "storage/applying.hpp"

#include <algorithm>

// Commands that change records and lists.

namespace jindou::storage {

namespace {

std::uint64_t& count_of(channel& x, command::list list) {
  return x.row.counts[static_cast<std::size_t>(list)];
}

} // namespace

// -- channels and lists -------------------------------------------------------

result<channel*> applying::find_or_make(const channel_key& key) {
  auto found = state_.find(key.type, key.id);
  if (!found || *found != nullptr)
    return found;
  if (state_.mark().next_chan > chan_no_max)
    return nullptr;
  return state_.make(key, head_.log_time);
}

result<void> applying::on(const command::channel_put& x) {
  if (x.channel.id.empty())
    return refuse(errc::invalid_argument);
  auto to = find_or_make(x.channel);
  if (!to)
    return to.error();
  if (*to == nullptr)
    return refuse(errc::unavailable);
  auto& row = (*to)->row;
  res_.chan_no = row.chan_no;
  auto exists = (row.flags & command::channel_flags::exists) != 0;
  if (exists && x.only_if_missing)
    return {};
  if (!exists)
    row.created = head_.log_time;
  row.flags = x.flags | command::channel_flags::exists;
  row.updated = head_.log_time;
  res_.changed = 1;
  state_.touch(**to);
  channel_changed(x.channel);
  return {};
}

result<void> applying::on(const command::channel_disband& x) {
  auto to = state_.find(x.channel.type, x.channel.id);
  if (!to)
    return to.error();
  if (*to == nullptr)
    return {};
  auto& row = (*to)->row;
  res_.chan_no = row.chan_no;
  if ((row.flags & command::channel_flags::exists) == 0)
    return {};
  row.flags |= command::channel_flags::disband;
  row.updated = head_.log_time;
  res_.changed = 1;
  state_.touch(**to);
  channel_changed(x.channel);
  return {};
}

result<void> applying::on(const command::members_add& x) {
  if (x.channel.id.empty())
    return refuse(errc::invalid_argument);
  auto to = find_or_make(x.channel);
  if (!to)
    return to.error();
  if (*to == nullptr)
    return refuse(errc::unavailable);
  auto& ch = **to;
  if (x.reset)
    drop_list(ch, x.list);
  for (auto& uid : x.uids) {
    if (uid.empty())
      continue;
    auto has = state_.has(ch.row.chan_no, x.list, uid);
    if (!has)
      return has.error();
    if (*has)
      continue;
    state_.add(ch.row.chan_no, x.list, uid, head_.log_time);
    ++count_of(ch, x.list);
    ++res_.changed;
  }
  close_list_change(ch);
  return {};
}

result<void> applying::on(const command::members_remove& x) {
  auto to = state_.find(x.channel.type, x.channel.id);
  if (!to)
    return to.error();
  if (*to == nullptr)
    return {};
  auto& ch = **to;
  for (auto& uid : x.uids) {
    auto has = state_.has(ch.row.chan_no, x.list, uid);
    if (!has)
      return has.error();
    if (!*has)
      continue;
    state_.remove(ch.row.chan_no, x.list, uid);
    --count_of(ch, x.list);
    ++res_.changed;
  }
  close_list_change(ch);
  return {};
}

result<void> applying::on(const command::members_clear& x) {
  auto to = state_.find(x.channel.type, x.channel.id);
  if (!to)
    return to.error();
  if (*to == nullptr)
    return {};
  drop_list(**to, x.list);
  close_list_change(**to);
  return {};
}

void applying::drop_list(channel& of, command::list list) {
  auto& count = count_of(of, list);
  if (count == 0)
    return;
  state_.clear(of.row.chan_no, list);
  res_.changed += static_cast<std::uint32_t>(count);
  count = 0;
}

void applying::close_list_change(channel& of) {
  res_.chan_no = of.row.chan_no;
  if (res_.changed == 0)
    return;
  ++of.row.list_version;
  of.row.updated = head_.log_time;
  state_.touch(of);
  channel_changed(of.row.key);
}

void applying::channel_changed(const channel_key& key) {
  changed_.push_back(slot_of(hash_of_channel(key.type, key.id)));
  // The record and the lists of (uid, person) are part of that user's view.
  if (key.type == channel_type::person)
    user_changed(key.id);
}

// -- users and what belongs to them -------------------------------------------

void applying::user_changed(std::string_view uid) {
  changed_.push_back(slot_of(hash_of_user(uid)));
}

result<void> applying::on(const command::user_put& x) {
  if (x.uid.empty())
    return refuse(errc::invalid_argument);
  auto found = state_.user(x.uid);
  if (!found)
    return found.error();
  if (*found)
    return {};
  state_.put(user_row{x.uid, x.plugin_no, head_.log_time});
  res_.changed = 1;
  user_changed(x.uid);
  return {};
}

result<void> applying::on(const command::device_put& x) {
  if (auto res = on(command::user_put{x.uid, {}}); !res)
    return res;
  if (res_.error != errc::none)
    return {};
  state_.put(device_row{x.uid, x.flag, x.level, x.token, head_.log_time});
  ++res_.changed;
  user_changed(x.uid);
  return {};
}

result<void> applying::on(const command::conversation_put& x) {
  using mode = command::conversation_put::mode;
  if (x.uid.empty() || x.channel.id.empty())
    return refuse(errc::invalid_argument);
  auto found = state_.conversation(x.uid, x.channel);
  if (!found)
    return found.error();
  conversation_row row{x.uid,        x.channel,      x.kind,        x.read_to,
                       x.deleted_at, head_.log_time, head_.log_time};
  if (auto& old = *found) {
    if (x.how == mode::if_missing)
      return {};
    row.created = old->created;
    if (x.how == mode::raise) {
      row.kind = old->kind;
      row.read_to = std::max(old->read_to, x.read_to);
      row.deleted_at = std::max(old->deleted_at, x.deleted_at);
      if (row.read_to == old->read_to && row.deleted_at == old->deleted_at)
        return {};
    }
  }
  state_.put(row);
  res_.changed = 1;
  return {};
}

result<void> applying::on(const command::conversation_drop& x) {
  auto found = state_.conversation(x.uid, x.channel);
  if (!found)
    return found.error();
  if (!*found)
    return {};
  state_.drop_conversation(x.uid, x.channel);
  res_.changed = 1;
  return {};
}

result<void> applying::on(const command::control_put& x) {
  if (x.name.empty())
    return refuse(errc::invalid_argument);
  state_.put_control(x.name, x.value);
  res_.changed = 1;
  return {};
}

} // namespace jindou::storage
