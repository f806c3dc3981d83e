#include "storage/apply.hpp"

#include "messages/assert.hpp"
#include "messages/hash.hpp"
#include "messages/little_endian.hpp"
#include "messages/mutant.hpp"
#include "storage/applying.hpp"

namespace jindou::storage {

using command::applied;

namespace {

/// Of the client's number in its channel; 0 if there is none.
std::uint64_t hash_in_channel(const command::append_message& x,
                              const channel* to) {
  if (x.client_msg_no.empty())
    return 0;
  auto id = to != nullptr ? std::string_view{to->row.key.id} : x.channel_id;
  auto type = to != nullptr ? to->row.key.type : x.channel_type;
  return hash_of_number(type, id, x.client_msg_no);
}

bool is_checked(const command::append_message& x) {
  return !x.client_msg_no.empty()
         && (x.flags & command::append_flags::no_duplicate_check) == 0;
}

} // namespace

applying::number_hashes applying::hashes_of(const command::append_message& x,
                                            const channel* to) {
  number_hashes res;
  res.number = hash_in_channel(x, to);
  if (!is_checked(x))
    return res;
  res.sent = hash_of_sent_number(res.number, x.from_uid);
  // Few hashes, so that some meet: what else would show the missing look.
  JINDOU_MUTANT_POINT("ring-without-rows", res.sent = 1 + res.sent % 64);
  return res;
}

result<applied> applying::run(byte_span rec) {
  auto finish = [this](const done& x) -> result<applied> {
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
  auto hash = hashes_of(x, to);
  if (to != nullptr) {
    auto dup = is_duplicate(*to, x, hash);
    if (!dup)
      return dup.error();
    if (*dup)
      return {};
  } else if (state_.mark().next_chan <= chan_no_max) {
    to = state_.make({x.channel_type, std::string{x.channel_id}},
                     head_.log_time);
  }
  if (to == nullptr || to->head.last_seq >= seq_max)
    return refuse(errc::unavailable);
  store(*to, x, hash);
  return {};
}

result<bool> applying::is_duplicate(channel& to,
                                    const command::append_message& x,
                                    const number_hashes& hash) {
  if (hash.sent == 0)
    return false;
  auto& ring = state_.ring();
  ring.expire(static_cast<std::uint32_t>(head_.log_time / 1'000));
  auto found = is_stored(to, x, hash.sent);
  if (!found || *found || !ring.holds_former())
    return found;
  return is_stored(to, x, hash.number);
}

result<bool> applying::is_stored(channel& to, const command::append_message& x,
                                 std::uint64_t hash) {
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
  auto same
    = first->from_uid == x.from_uid && first->client_msg_no == x.client_msg_no;
  JINDOU_MUTANT_POINT("ring-without-rows", same = true);
  if (!same)
    return false;
  res_.duplicate = true;
  res_.payload_differs = first->payload != x.payload;
  res_.chan_no = to.row.chan_no;
  res_.message_id = first->message_id;
  res_.seq = seq;
  return true;
}

void applying::store(channel& to, const command::append_message& x,
                     const number_hashes& hash) {
  state_.append(to, pos_,
                hash.number == 0 ? std::uint16_t{0} : number_hint(hash.number));
  stored_seq_ = to.head.last_seq;
  if (hash.sent != 0)
    state_.ring().add({hash.sent,
                       static_cast<std::uint32_t>(head_.log_time / 1'000),
                       static_cast<std::uint32_t>(stored_seq_)});
  res_.chan_no = to.row.chan_no;
  res_.message_id = x.message_id;
  res_.seq = stored_seq_;
}

// -- the replica's own --------------------------------------------------------

namespace {

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
    JINDOU_MUTANT_POINT(
      "apply-twice", if (one_of(40, [] {})) {
        static_cast<void>(applying{s, head, pos, changed}.run(record));
      });
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
