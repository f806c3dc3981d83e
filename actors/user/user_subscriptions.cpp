// SUB and UNSUB: the user counts, the channel decides.

#include "actors/gateway/frame_encoder.hpp"
#include "actors/user/user.hpp"
#include "messages/channel_id.hpp"
#include "messages/limits.hpp"

#include <caf/send.hpp>

namespace jindou::actors {

namespace {

errc verdict_on_shape(const wire::sub_frame& f) {
  if (f.action > wire::sub_action::unsubscribe)
    return errc::unsupported;
  if (f.channel_id.empty())
    return errc::not_subscribed;
  if (f.channel_id.size() > limits::name_bytes_max)
    return errc::too_large;
  return errc::none;
}

/// Writes the one SUBACK of a SUB. Any thread.
void answer_sub(const user_services& services, const session_ptr& to,
                const sub_request& x, errc verdict) {
  auto& f = x.frame;
  auto& metric
    = f.action == wire::sub_action::subscribe ? *services.sub : *services.unsub;
  metric.add(0, 1, verdict == errc::none ? 0 : 1);
  auto who = to->identity();
  if (!who)
    return;
  services.stats->add(counter::frames_out);
  auto request = who->json_rpc ? to->take_request(x.number) : std::string{};
  to->send(encoded_frame(*who, to->transport().websocket,
                         answer_to(f, wire::reason_of(verdict)), request),
           to);
  to->answered(1);
}

} // namespace

void user_state::subscribe(const user_delivery_ptr& from,
                           const sub_request& x) {
  auto& session = from->content.from;
  auto& f = x.frame;
  subscription what;
  what.channel
    = {f.channel_type, stored_channel_id(uid_, f.channel_id, f.channel_type)};
  what.uid = uid_;
  what.session = session->id();
  what.wanted = f.action == wire::sub_action::subscribe;
  auto verdict = verdict_on_shape(f);
  // Only data channels keep sessions; of others a client hears whether it gets
  // their messages anyway.
  if (verdict == errc::none && f.channel_type == channel_type::data)
    verdict = subscriptions_.hand_on(what, services_->subscriptions_max);
  if (verdict != errc::none)
    return answer_sub(*services_, session, x, verdict);
  // The channel itself writes the SUBACK, so that it stands in front of the
  // first RECV. The batch of the socket is held until then: for the texts of
  // the SUB, and so that its place stays taken.
  auto answer = [me = user_actor{self_}, from, request = &x,
                 services = services_](channel_batch& content, errc outcome) {
    auto& done = std::get<subscription>(content);
    auto decided = outcome == errc::none;
    answer_sub(*services, from->content.from, *request,
               decided ? done.verdict : outcome);
    caf::anon_send(me, subscribed{done, decided});
  };
  services_->submit(std::make_shared<channel_delivery>(
    channel_batch{std::move(what)}, 1, std::move(answer)));
}

void user_state::on_subscribed(const subscribed& x) {
  if (x.what.channel.type == channel_type::data)
    subscriptions_.settle(x);
  work();
}

/// Takes no place in the queues of the channels: it cannot be refused.
void user_state::unsubscribe_all(const session_ptr& who) {
  for (auto& channel : subscriptions_.take(who->id())) {
    subscription x{std::move(channel), uid_, who->id(), false};
    services_->submit(std::make_shared<channel_delivery>(
      channel_batch{std::move(x)}, 0, nullptr));
  }
}

} // namespace jindou::actors
