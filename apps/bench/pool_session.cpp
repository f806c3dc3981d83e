#include "apps/bench/pool_session.hpp"

#include "apps/bench/conductor.hpp"
#include "messages/wire/codec.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace jindou::bench {

// -- what goes in -------------------------------------------------------------

pool_session::pool_session(connection_id id, std::string uid, pool_peer peer,
                           pool_tally& tally, io_port& io)
    : quiet_session(id, io),
      uid_(std::move(uid)),
      peer_(std::move(peer)),
      tally_(tally),
      times_(in_flight_max) {
  // nop
}

user_delivery_ptr pool_session::make_batch(shared_bytes bytes,
                                           std::vector<user_event> events) {
  auto places = static_cast<std::int64_t>(events.size());
  auto on_end = [](user_batch& batch, errc outcome) {
    if (outcome == errc::none)
      return;
    auto self = std::static_pointer_cast<pool_session>(batch.from);
    for (auto& x : batch.events)
      if (std::holds_alternative<wire::send_frame>(x))
        ++self->tally_.refused;
  };
  user_batch batch{uid_, shared_from_this(), std::move(bytes),
                   std::move(events)};
  return std::make_shared<user_delivery>(std::move(batch), places, on_end);
}

user_delivery_ptr pool_session::make_login() {
  wire::connect_frame f;
  f.version = wire::latest_version;
  f.uid = uid_;
  f.device_id = uid_; // any text that lives as long
  return make_batch({}, {connect_request{f, false}});
}

user_delivery_ptr pool_session::make_close() {
  return make_batch({}, {session_closed{}});
}

wire::send_frame pool_session::frame_of(std::string_view number,
                                        std::string_view payload) const {
  wire::send_frame f;
  f.client_seq = last_seq_;
  f.client_msg_no = number;
  f.channel_id = peer_.channel_id;
  f.channel_type = peer_.channel_type;
  f.payload = payload;
  return f;
}

user_delivery_ptr pool_session::make_sends(unsigned n,
                                           const std::string& payload,
                                           std::int64_t intended_ns) {
  // The payload, then one number of fixed length per message.
  constexpr std::size_t digits = 10;
  auto length = uid_.size() + 1 + digits;
  byte_vector bytes(payload.size() + n * length);
  auto* to = reinterpret_cast<char*>(bytes.data());
  to = std::copy(payload.begin(), payload.end(), to);
  for (unsigned i = 1; i <= n; ++i) {
    to = std::copy(uid_.begin(), uid_.end(), to);
    *to++ = '-';
    auto x = last_seq_ + i;
    for (auto* p = to + digits; p != to; x /= 10)
      *--p = static_cast<char>('0' + x % 10);
    to += digits;
  }
  shared_bytes shared{std::move(bytes)};
  auto all = as_text(shared.span());
  std::vector<user_event> events;
  events.reserve(n);
  for (unsigned i = 0; i < n; ++i) {
    times_[++last_seq_ % in_flight_max] = intended_ns;
    events.emplace_back(
      frame_of(all.substr(payload.size() + i * length, length),
               all.substr(0, payload.size())));
  }
  return make_batch(std::move(shared), std::move(events));
}

// -- what comes out -----------------------------------------------------------

void pool_session::establish(session_identity who, shared_bytes connack) {
  quiet_session::establish(std::move(who), std::move(connack));
  ++tally_.logins;
}

void pool_session::refuse(shared_bytes) {
  ++tally_.refused;
}

session::pushed pool_session::append(shared_bytes frames) {
  auto bytes = frames.span();
  while (!bytes.empty()) {
    auto res = wire::decode(bytes, wire::latest_version);
    auto* x = std::get_if<wire::decoded>(&res);
    if (x == nullptr)
      break;
    if (auto* ack = std::get_if<wire::sendack_frame>(&x->frame))
      on_sendack(*ack);
    else if (auto* recv = std::get_if<wire::recv_frame>(&x->frame))
      on_recv(*recv);
    bytes = bytes.subspan(x->bytes);
  }
  return pushed::queued;
}

void pool_session::on_recv(const wire::recv_frame&) {
  ++tally_.pushed;
}

void pool_session::on_sendack(const wire::sendack_frame& f) {
  auto took = now_ns() - times_[f.client_seq % in_flight_max];
  tally_.add_ack(id(), static_cast<std::uint64_t>(took), f.reason == 1);
}

} // namespace jindou::bench
