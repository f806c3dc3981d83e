#include "actors/user/login.hpp"

#include "actors/gateway/frame_encoder.hpp"
#include "actors/gateway/login_rules.hpp"
#include "actors/user/device_policy.hpp"

namespace jindou::actors {

std::shared_ptr<const void> sending::holder() const {
  if (more.empty())
    return from;
  auto all = std::make_shared<std::vector<user_delivery_ptr>>(more);
  all->push_back(from);
  return all;
}

void sending::answer_all_but(const user_delivery_ptr& rest) const {
  if (from != rest)
    from->answer(errc::none);
  for (auto& x : more)
    if (x != rest)
      x->answer(errc::none);
}

errc authenticate(const user_services& services,
                  const wire::connect_frame& frame, const user_view& view,
                  session_identity& who) {
  using device_policy::same_secret;
  who.level = device_level::slave;
  if (frame.uid == services.manager_uid) {
    if (!services.manager_token.empty()
        && !same_secret(frame.token, services.manager_token))
      return errc::auth_failed;
  } else if (services.token_auth_on
             && !device_policy::is_visitor(frame.uid,
                                           services.visitors_suffix)) {
    if (frame.token.empty() || !view.asked_device
        || !same_secret(frame.token, view.asked_device->token))
      return errc::auth_failed;
    who.level = view.asked_device->level;
  }
  if ((view.channel_flags & command::channel_flags::ban) != 0)
    return errc::banned;
  return errc::none;
}

shared_bytes connack_for(const user_services& services,
                         const connect_request& request, session& to,
                         errc verdict, const wire::key_agreement& keys) {
  auto& frame = request.frame;
  wire::connack_frame ack;
  auto version = negotiated(frame.version);
  ack.has_server_version = frame.version > 3;
  ack.server_version
    = ack.has_server_version || request.json_rpc ? version : std::uint8_t{0};
  ack.reason = static_cast<std::uint8_t>(wire::reason_of(verdict));
  if (verdict == errc::none) {
    ack.time_diff = services.now_ms() - frame.client_timestamp;
    ack.server_key = keys.server_key;
    ack.salt = keys.salt;
  }
  ack.node_id = services.node;
  auto ws = to.transport().websocket;
  return request.json_rpc ? encoded_text(to.take_request(0), ws, ack)
                          : encoded_frame(version, ws, ack);
}

shared_bytes refusal_of(const user_services& services,
                        const connect_request& request, session& to, errc why) {
  if (refused_in_silence(why, request.json_rpc))
    return {};
  return connack_for(services, request, to, why, {});
}

void acknowledge(const session_ptr& to, const std::vector<submit_item>& items,
                 metrics& stats) {
  auto who = to->identity();
  if (!who)
    return;
  byte_vector out;
  out.reserve(items.size() * 24);
  std::uint64_t refused = 0;
  for (auto& item : items) {
    wire::sendack_frame ack;
    ack.flags = item.flags;
    ack.message_id = static_cast<std::int64_t>(item.message_id);
    ack.client_seq = item.client_seq;
    ack.message_seq = static_cast<std::uint32_t>(item.seq);
    ack.reason = static_cast<std::uint8_t>(wire::reason_of(item.verdict));
    if (item.verdict != errc::none)
      ++refused;
    auto request
      = who->json_rpc ? to->take_request(item.client_seq) : std::string{};
    (void)append_frame(*who, to->transport().websocket, ack, out, request);
  }
  stats.add(counter::sends, items.size());
  stats.add(counter::frames_out, items.size());
  stats.add(counter::sends_refused, refused);
  to->send(shared_bytes{std::move(out)}, to);
  to->answered(items.size());
}

void answer_pings(const session_ptr& to, std::size_t n, metrics& stats) {
  auto who = to->identity();
  if (!who)
    return;
  stats.add(counter::frames_out, n);
  byte_vector out;
  while (n-- > 0) {
    auto request = who->json_rpc ? to->take_request(0) : std::string{};
    (void)append_frame(*who, to->transport().websocket, wire::pong_frame{}, out,
                       request);
  }
  to->send(shared_bytes{std::move(out)}, to);
}

} // namespace jindou::actors
