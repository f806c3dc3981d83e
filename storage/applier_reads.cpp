#include "messages/hash.hpp"
#include "storage/applier.hpp"

#include <algorithm>

// Reads of the applied state. Each answers exactly once.

namespace jindou::storage {

namespace {

std::uint64_t hash_of(const channel_key& key) {
  return hash_of_channel(key.type, key.id);
}

channel_key person(const std::string& uid) {
  return {channel_type::person, uid};
}

/// The seqs of a range, within what there is.
struct seq_range {
  message_seq first = 1;
  message_seq last = 0;
};

seq_range clamp(const history_range& x, const channel_head& head) {
  seq_range res;
  res.first = std::max({x.first, head.first_seq, message_seq{1}});
  res.last = x.last == 0 ? head.last_seq : std::min(x.last, head.last_seq);
  message_seq limit = std::min(x.limit, limits::history_rows_max);
  if (res.last < res.first || limit == 0)
    return {};
  if (x.which == history_range::order::newest)
    res.first = std::max(res.first, res.last - std::min(res.last, limit) + 1);
  else
    res.last = std::min(res.last, res.first + limit - 1);
  return res;
}

} // namespace

/// Returns the replica that keeps a key, ready to be asked.
jindou::result<std::size_t> applier_state::place_of(std::uint64_t hash) {
  if (dead_)
    return errc::disk_failed;
  auto place = places_.find((*options_.groups)[slot_of(hash)]);
  if (place == places_.end())
    return errc::not_leader;
  if (!usable(place->second))
    return errc::corrupt;
  return place->second;
}

template <class View, class Fetch>
void applier_state::answer_fetch(const Fetch& what, std::uint64_t hash) {
  auto place = place_of(hash);
  if (!place)
    return what.answer->answer(place.error());
  auto view = view_of(what);
  if (!view)
    return what.answer->answer(failed(*place, view.error()));
  what.answer->answer(std::move(*view));
}

void applier_state::on_fetch_user(const fetch_user& what) {
  // The record of (uid, person) may lie in another group than the user, and
  // what is damaged there is no fault of this one.
  auto key = person(what.uid);
  auto other = place_of(hash_of(key));
  if (!other)
    return what.answer->answer(other.error());
  auto mine = place_of(hash_of_user(what.uid));
  if (!mine)
    return what.answer->answer(mine.error());
  auto view = view_of(what, *members_[*mine].store);
  if (!view)
    return what.answer->answer(failed(*mine, view.error()));
  auto record = members_[*other].store->find(key.type, key.id);
  if (!record)
    return what.answer->answer(failed(*other, record.error()));
  if (*record != nullptr)
    view->channel_flags = (*record)->row.flags;
  what.answer->answer(std::move(*view));
}

void applier_state::on_fetch_channel(const fetch_channel& what) {
  answer_fetch<channel_view>(what, hash_of(what.channel));
}

void applier_state::on_fetch_person(const fetch_person& what) {
  answer_fetch<person_view>(what, hash_of(person(what.owner)));
}

result<user_view> applier_state::view_of(const fetch_user& what,
                                         replica_store& mine) {
  user_view res;
  auto user = mine.user(what.uid);
  if (!user)
    return user.error();
  res.exists = user->has_value();
  if (what.device_flag >= 0 && what.device_flag <= 255) {
    auto flag = static_cast<std::uint8_t>(what.device_flag);
    auto device = mine.device(what.uid, flag);
    if (!device)
      return device.error();
    if (auto& x = *device)
      res.asked_device = user_view::device{x->level, std::move(x->token)};
  }
  return res;
}

result<channel_view> applier_state::view_of(const fetch_channel& what) {
  channel_view res;
  auto& of = *members_[*place_of(hash_of(what.channel))].store;
  auto found = of.find(what.channel.type, what.channel.id);
  if (!found)
    return found.error();
  if (*found == nullptr)
    return res;
  auto& row = (*found)->row;
  res.flags = row.flags;
  res.chan_no = row.chan_no;
  res.last_seq = (*found)->head.last_seq;
  auto counts = row.counts;
  std::vector<std::string>* lists[]
    = {&res.subscribers, &res.denied, &res.allowed};
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0)
      continue;
    auto uids = of.list(res.chan_no, static_cast<command::list>(i));
    if (!uids)
      return uids.error();
    *lists[i] = std::move(*uids);
  }
  return res;
}

result<person_view> applier_state::view_of(const fetch_person& what) {
  person_view res;
  auto key = person(what.owner);
  auto& of = *members_[*place_of(hash_of(key))].store;
  auto found = of.find(key.type, key.id);
  if (!found)
    return found.error();
  if (*found == nullptr)
    return res;
  auto chan_no = (*found)->row.chan_no;
  auto denied = of.has(chan_no, command::list::deny, what.sender);
  if (!denied)
    return denied.error();
  auto allowed = of.has(chan_no, command::list::allow, what.sender);
  if (!allowed)
    return allowed.error();
  return person_view{*denied, *allowed};
}

// -- history ------------------------------------------------------------------

void applier_state::on_history(const history_request& what) {
  auto place = place_of(hash_of(what.range.channel));
  if (!place)
    return what.answer->answer(place.error());
  auto rows = resolve(what);
  if (!rows)
    return what.answer->answer(failed(*place, rows.error()));
  options_.counters->add(counter::history_reads);
  if ((*rows)->positions.empty())
    return what.answer->answer(history{{}, (*rows)->last_seq});
  auto& reader = options_.readers[next_reader_++ % options_.readers.size()];
  self_->send(reader, std::move(*rows));
}

/// Turns seqs into positions; never beyond what was applied.
result<read_rows_ptr> applier_state::resolve(const history_request& what) {
  auto res = std::make_shared<read_rows>();
  res->channel = what.range.channel;
  res->answer = what.answer;
  auto& of = *members_[*place_of(hash_of(res->channel))].store;
  auto found = of.find(res->channel.type, res->channel.id);
  if (!found)
    return found.error();
  if (*found == nullptr)
    return res;
  auto& from = **found;
  res->last_seq = from.head.last_seq;
  auto range = clamp(what.range, from.head);
  for (auto seq = range.first; seq <= range.last; ++seq) {
    auto pos = of.locate(from, seq);
    if (!pos)
      return pos.error();
    res->seqs.push_back(seq);
    res->positions.push_back(*pos);
  }
  return res;
}

} // namespace jindou::storage
