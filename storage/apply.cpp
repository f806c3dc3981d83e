#include "storage/apply.hpp"

#include "messages/assert.hpp"
#include "messages/hash.hpp"
#include "messages/little_endian.hpp"

#include <algorithm>

namespace jindou::storage {

namespace {

using command::applied;

/// One command on its way into the state.
class applying {
public:
  applying(state& s, const record::head& head, position pos,
           std::vector<slot_id>& changed)
      : state_(s), head_(head), pos_(pos), changed_(changed) {
    res_.log_time = head.log_time;
  }

  result<applied> run(byte_span rec);

  /// Seq that the log's own block notes for this entry.
  message_seq stored_seq() const {
    return stored_seq_;
  }

private:
  // Each returns a fault of the store; what else goes wrong is in `res_`.
  using done = result<void>;

  done on(const command::append_message& x);
  done on(const command::channel_put& x);
  done on(const command::channel_disband& x);
  done on(const command::members_add& x);
  done on(const command::members_remove& x);
  done on(const command::members_clear& x);
  done on(const command::user_put& x);
  done on(const command::device_put& x);
  done on(const command::conversation_put& x);
  done on(const command::conversation_drop& x);
  done on(const command::control_put& x);

  done refuse(errc why) {
    res_.error = why;
    return {};
  }

  result<channel*> find(const command::append_message& x);
  result<channel*> find_or_make(const channel_key& key);
  result<bool> is_duplicate(channel& to, const command::append_message& x,
                            std::uint64_t hash);
  result<bool> is_same(channel& to, const command::append_message& x,
                       message_seq seq);
  void store(channel& to, const command::append_message& x, std::uint64_t hash);
  void drop_list(channel& of, command::list list);
  void close_list_change(channel& of);
  void channel_changed(const channel_key& key);
  void user_changed(std::string_view uid);

  state& state_;
  const record::head& head_;
  position pos_;
  std::vector<slot_id>& changed_;
  applied res_;
  message_seq stored_seq_ = 0;
};

std::uint64_t& count_of(channel& x, command::list list) {
  return x.row.counts[static_cast<std::size_t>(list)];
}

error damaged(const char* what) {
  error res;
  res.what = fault::corrupt;
  res.context = what;
  return res;
}

result<applied> applying::run(byte_span rec) {
  auto finish = [this](done x) -> result<applied> {
    if (!x)
      return x.error();
    return res_;
  };
  if (head_.op == static_cast<std::uint8_t>(command::op::append_message)) {
    auto x = command::decode_append(rec);
    return finish(x ? on(*x) : refuse(x.error()));
  }
  auto x = command::decode(rec);
  if (!x)
    return finish(refuse(x.error()));
  return finish(std::visit([this](const auto& cmd) { return on(cmd); }, *x));
}

// -- messages -----------------------------------------------------------------

result<channel*> applying::find(const command::append_message& x) {
  if (x.chan_no != 0)
    return state_.find(x.chan_no);
  return state_.find(x.channel_type, x.channel_id);
}

result<void> applying::on(const command::append_message& x) {
  auto found = find(x);
  if (!found)
    return found.error();
  auto* to = *found;
  if (to == nullptr && x.chan_no != 0)
    return refuse(errc::corrupt); // names a channel that nobody has made
  if (to == nullptr && x.channel_id.empty())
    return refuse(errc::invalid_argument);
  auto id = to ? std::string_view{to->row.key.id} : x.channel_id;
  auto type = to ? to->row.key.type : x.channel_type;
  std::uint64_t hash = 0;
  if (!x.client_msg_no.empty())
    hash = hash_of_number(type, id, x.client_msg_no);
  if (to != nullptr) {
    auto dup = is_duplicate(*to, x, hash);
    if (!dup)
      return dup.error();
    if (*dup)
      return {};
  } else if (state_.mark().next_chan > chan_no_max) {
    return refuse(errc::unavailable);
  } else {
    to = state_.make({type, std::string{id}}, head_.log_time);
  }
  if (to->head.last_seq >= seq_max)
    return refuse(errc::unavailable);
  store(*to, x, hash);
  return {};
}

result<bool> applying::is_duplicate(channel& to,
                                    const command::append_message& x,
                                    std::uint64_t hash) {
  if (hash == 0 || (x.flags & command::append_flags::no_duplicate_check) != 0)
    return false;
  state_.ring().expire(static_cast<std::uint32_t>(head_.log_time / 1'000));
  dedupe_ring::candidates seqs;
  auto n = state_.ring().find(hash, seqs);
  for (std::size_t i = 0; i < n; ++i) {
    auto same = is_same(to, x, seqs[i]);
    if (!same || *same)
      return same;
  }
  return false;
}

/// Compares with the stored row: a hash alone never makes a duplicate.
result<bool> applying::is_same(channel& to, const command::append_message& x,
                               message_seq seq) {
  if (seq < to.head.first_seq || seq > to.head.last_seq)
    return false; // of another channel with the same hash
  auto at = state_.locate(to, seq);
  if (!at)
    return at.error();
  auto rec = state_.record_at(*at);
  if (!rec)
    return rec.error();
  if (rec->empty())
    return false;
  if (!record::read(*rec))
    return damaged("record of a duplicate");
  auto first = command::decode_append(*rec);
  if (!first)
    return damaged("message of a duplicate");
  if (first->from_uid != x.from_uid || first->client_msg_no != x.client_msg_no)
    return false;
  res_.duplicate = true;
  res_.payload_differs = first->payload != x.payload;
  res_.chan_no = to.row.chan_no;
  res_.message_id = first->message_id;
  res_.seq = seq;
  return true;
}

void applying::store(channel& to, const command::append_message& x,
                     std::uint64_t hash) {
  state_.append(to, pos_, hash == 0 ? std::uint16_t{0} : number_hint(hash));
  stored_seq_ = to.head.last_seq;
  if (hash != 0 && (x.flags & command::append_flags::no_duplicate_check) == 0)
    state_.ring().add({hash, static_cast<std::uint32_t>(head_.log_time / 1'000),
                       static_cast<std::uint32_t>(stored_seq_)});
  res_.chan_no = to.row.chan_no;
  res_.message_id = x.message_id;
  res_.seq = stored_seq_;
}

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

// -- the replica's own --------------------------------------------------------

/// Digest over results: equal on replicas that decided alike (W7). What the
/// numbers are is part of the replicated state; frozen by a golden test.
std::uint64_t digest(std::uint64_t before, const record::head& head,
                     const applied& x) {
  auto res = before;
  auto add = [&res](std::uint64_t v) {
    res = (res ^ v) * 0x9e3779b97f4a7c15ULL;
    res ^= res >> 32;
  };
  add(head.index);
  add(std::uint64_t{static_cast<std::uint8_t>(head.kind)} << 8 | head.op);
  add(std::uint64_t{static_cast<std::uint8_t>(x.error)} << 8
      | (x.duplicate ? 2U : 0U) | (x.payload_differs ? 1U : 0U));
  add(std::uint64_t{x.chan_no} << 32 | x.changed);
  add(x.message_id);
  add(x.seq);
  return res;
}

void note(cut_row& mark, const record::head& head, const applied& x) {
  mark.digest = digest(mark.digest, head, x);
  mark.applied = head.index;
  mark.applied_term = head.term;
  mark.log_time = head.log_time;
  if (mark.terms.empty() || mark.terms.back().term != head.term)
    mark.terms.push_back({head.index, head.term});
}

/// Entries that are no commands: of the consensus itself.
void apply_other(cut_row& mark, const record::head& head, byte_span rec) {
  auto body = rec.subspan(record::head_bytes);
  if (head.kind == record::kind::membership) {
    if (auto members = decode_membership(body))
      mark.members = std::move(*members);
  } else if (head.kind == record::kind::feature_level && body.size() == 4) {
    mark.feature_level = load_le<std::uint32_t>(body.data());
  }
}

} // namespace

result<applied> apply(state& s, byte_span record, position pos,
                      std::vector<slot_id>& changed) {
  JINDOU_ASSERT(record.size() >= record::head_bytes);
  auto head = record::peek(record);
  JINDOU_ASSERT(head.index == s.mark().applied + 1);
  applied res;
  message_seq stored = 0;
  if (head.kind == record::kind::command) {
    applying step{s, head, pos, changed};
    auto done = step.run(record);
    if (!done)
      return done;
    res = *done;
    stored = step.stored_seq();
  } else {
    apply_other(s.mark(), head, record);
    res.log_time = head.log_time;
  }
  s.note_entry(head.index, pos, log_hint(stored));
  note(s.mark(), head, res);
  return res;
}

} // namespace jindou::storage
