#include "actors/gateway/inbox.hpp"

#include "messages/limits.hpp"
#include "messages/wire/codec.hpp"

#include <algorithm>
#include <utility>

namespace jindou::actors {

namespace {

constexpr std::byte connect_nibble{
  static_cast<unsigned char>(wire::frame_type::connect) << 4};

/// Says whether a frame counts in the window of its session.
bool is_counted(const wire::frame& f) {
  return std::holds_alternative<wire::send_frame>(f)
         || std::holds_alternative<wire::sub_frame>(f);
}

/// Says whether a RECVACK moves nothing but the list of its session: that of a
/// command (syncOnce) moves a conversation, too.
bool is_plain(const wire::recvack_frame& f) {
  return !f.flags.sync_once && !f.flags.no_persist;
}

/// Adds the event that a frame is for its user, if it is one.
void add_event(const wire::frame& f, inbox::batch& batch) {
  auto& to = batch.events;
  if (auto* plain = std::get_if<wire::recvack_frame>(&f);
      plain != nullptr && is_plain(*plain))
    batch.acks.push_back(static_cast<message_id>(plain->message_id));
  else if (auto* send = std::get_if<wire::send_frame>(&f))
    to.emplace_back(*send);
  else if (auto* ack = std::get_if<wire::recvack_frame>(&f))
    to.emplace_back(*ack);
  else if (auto* ping = std::get_if<wire::ping_frame>(&f))
    to.emplace_back(*ping);
  else if (auto* sub = std::get_if<wire::sub_frame>(&f))
    to.emplace_back(sub_request{*sub, 0});
}

} // namespace

void inbox::add(byte_span bytes) {
  keep_rest(0);
  fresh_.insert(fresh_.end(), bytes.begin(), bytes.end());
}

inbox::first_frame inbox::cut_connect() {
  first_frame res;
  auto input = rest();
  if (input.empty())
    return res;
  if ((input.front() & std::byte{0xf0}) != connect_nibble) {
    res.verdict = errc::malformed; // no need to wait for the rest of it
    return res;
  }
  auto x = wire::decode(input, wire::latest_version);
  if (auto* e = std::get_if<errc>(&x)) {
    res.verdict = *e;
  } else if (auto* d = std::get_if<wire::decoded>(&x)) {
    res.connect = std::get<wire::connect_frame>(d->frame);
    res.bytes = share();
    at_ += d->bytes;
  }
  return res;
}

bool inbox::holds_one(std::uint8_t version) const {
  auto x = wire::decode(rest(), version);
  auto* first = std::get_if<wire::decoded>(&x);
  return first == nullptr || first->bytes == size();
}

inbox::batch inbox::cut(std::uint8_t version, std::size_t sends_max) {
  batch res;
  auto input = rest();
  std::size_t taken = 0;
  while (res.verdict == errc::none) {
    auto x = wire::decode(input.subspan(taken), version);
    if (std::holds_alternative<wire::need_more>(x))
      break;
    if (auto* e = std::get_if<errc>(&x)) {
      res.verdict = *e;
      break;
    }
    auto& d = std::get<wire::decoded>(x);
    res.more = res.events.size() == limits::frames_per_batch_max
               || (is_counted(d.frame) && res.sends == sends_max);
    if (res.more)
      break;
    taken += d.bytes;
    ++res.frames;
    res.sends += is_counted(d.frame) ? 1 : 0;
    add_event(d.frame, res);
  }
  if (!res.events.empty())
    res.bytes = share();
  if (res.more)
    at_ += taken;
  else
    keep_rest(taken);
  return res;
}

byte_span inbox::rest() const {
  return block_.size() > 0 ? block_.span().subspan(at_)
                           : byte_span{fresh_}.subspan(at_);
}

/// Makes the fresh bytes a block; they stay where they are.
shared_bytes inbox::share() {
  if (block_.size() == 0)
    block_ = shared_bytes{std::exchange(fresh_, {})};
  return block_;
}

/// Drops `taken` bytes and makes the rest fresh ones.
void inbox::keep_rest(std::size_t taken) {
  at_ += taken;
  if (block_.size() > 0) {
    auto left = rest();
    fresh_.assign(left.begin(), left.end());
    block_ = {};
  } else if (at_ == fresh_.size()) {
    fresh_ = {}; // an idle connection holds nothing
  } else if (at_ > 0) {
    fresh_.erase(fresh_.begin(),
                 fresh_.begin() + static_cast<std::ptrdiff_t>(at_));
  }
  at_ = 0;
}

} // namespace jindou::actors
