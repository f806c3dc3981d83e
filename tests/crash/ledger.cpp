#include "tests/crash/ledger.hpp"

#include "messages/hash.hpp"

#include <algorithm>
#include <utility>

namespace jindou::crash {

namespace {

std::string at(const std::string& channel, std::uint64_t seq) {
  return channel + " seq " + std::to_string(seq);
}

} // namespace

// -- what clients say ---------------------------------------------------------

void ledger::sent(sent_message x) {
  auto& senders = channels_[x.channel].senders;
  line fresh;
  fresh.ordinal = ++senders[x.from];
  auto id = x.id;
  fresh.message = std::move(x);
  if (!messages_.emplace(id, std::move(fresh)).second)
    complain("the campaign sent " + id + " twice");
}

void ledger::acknowledged(const std::string& id, place where) {
  auto i = messages_.find(id);
  if (i == messages_.end())
    return complain("an acknowledgement for " + id + ", which nobody sent");
  auto& known = i->second;
  if (known.acknowledged && *known.acknowledged != where)
    return complain(id + " was acknowledged with two places");
  if (known.stored_at != 0 && known.stored_at != where.seq)
    return complain(id + " is stored elsewhere than acknowledged");
  if (where.seq == 0)
    return complain(id + " was acknowledged without a place");
  if (!known.acknowledged)
    ++acknowledgements_;
  known.acknowledged = where;
  auto& other = channels_[known.message.channel].due[where.seq];
  if (other != nullptr && other != &known)
    complain(id + " and " + other->message.id + " got the same place");
  other = &known;
}

void ledger::excused(const std::string& id) {
  auto i = messages_.find(id);
  if (i != messages_.end())
    i->second.excused = true;
}

void ledger::complain(std::string what) {
  ++faults_;
  if (complaints_.size() < 20)
    complaints_.push_back(std::move(what));
}

// -- what the node says -------------------------------------------------------

std::uint64_t ledger::seen(const std::string& name) const {
  auto i = channels_.find(name);
  return i == channels_.end() ? 0 : i->second.seen.size();
}

void ledger::read_back(const std::string& name, std::uint64_t first,
                       const std::vector<stored_message>& found) {
  auto& where = channels_[name];
  auto next = first;
  for (const auto& x : found) {
    if (x.seq != next)
      return complain(at(name, next) + " is missing, found "
                      + std::to_string(x.seq));
    ++next;
    place_one(where, name, x);
  }
  if (next <= where.seen.size())
    complain(at(name, next) + " was there once and is gone");
  for (auto i = where.due.lower_bound(next); i != where.due.end(); ++i)
    complain(i->second->message.id + ", acknowledged as " + at(name, i->first)
             + ", is lost");
}

void ledger::place_one(channel& where, const std::string& name,
                       const stored_message& x) {
  auto i = messages_.find(x.id);
  if (i == messages_.end())
    return complain(at(name, x.seq) + " holds what nobody sent");
  auto& known = i->second;
  compare(name, known, x);
  if (x.seq <= where.seen.size()) {
    if (where.seen[x.seq - 1] != &known || where.ids[x.seq - 1] != x.message_id)
      complain(at(name, x.seq) + " has changed");
    return;
  }
  if (known.stored_at != 0)
    complain(x.id + " is stored twice: " + at(name, known.stored_at) + " and "
             + std::to_string(x.seq));
  if (!where.ids.empty() && where.ids.back() >= x.message_id)
    complain(at(name, x.seq) + " has a message id that does not rise");
  known.stored_at = x.seq;
  where.seen.push_back(&known);
  where.ids.push_back(x.message_id);
  check_order(where, name, known);
}

void ledger::compare(const std::string& name, const line& known,
                     const stored_message& x) {
  const auto& m = known.message;
  if (m.channel != name)
    complain(at(name, x.seq) + " holds a message of " + m.channel);
  if (m.payload_hash != x.payload_hash)
    complain(at(name, x.seq) + " has another payload");
  if (m.from != x.from || m.number != x.number)
    complain(at(name, x.seq) + " has another sender or number");
  if (known.acknowledged && *known.acknowledged != place{x.message_id, x.seq})
    complain(at(name, x.seq) + " is not what " + m.id
             + " was acknowledged with");
  auto due = channels_[name].due.find(x.seq);
  if (due != channels_[name].due.end() && due->second != &known)
    complain(at(name, x.seq) + " was acknowledged to "
             + due->second->message.id);
}

void ledger::check_order(channel& where, const std::string& name,
                         const line& x) {
  auto& last = where.last[x.message.from];
  if (!x.excused && x.ordinal <= last)
    complain(at(name, x.stored_at) + " overtakes a later message of "
             + x.message.from);
  if (!x.excused)
    last = std::max(last, x.ordinal);
}

// -- payloads -----------------------------------------------------------------

std::string make_payload(std::string_view id, std::size_t fill) {
  auto res = std::string{id} + ':';
  auto state = hash64{}.add(id).value();
  for (std::size_t i = 0; i < fill; ++i) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    res += static_cast<char>('a' + (state >> 33) % 26);
  }
  return res;
}

std::string id_of_payload(std::string_view payload) {
  auto end = payload.find(':');
  if (end == std::string_view::npos)
    return {};
  return std::string{payload.substr(0, end)};
}

std::uint64_t hash_of_payload(std::string_view payload) {
  return hash64{}.add(payload).value();
}

} // namespace jindou::crash
