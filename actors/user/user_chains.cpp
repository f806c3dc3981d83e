// The handlers of the Connect and OnSend chains.

#include "actors/gateway/session_table.hpp"
#include "actors/user/device_policy.hpp"
#include "actors/user/user.hpp"
#include "messages/channel_id.hpp"
#include "messages/limits.hpp"

#include <caf/send.hpp>

#include <algorithm>

namespace jindou::actors {

std::shared_ptr<const handler_chain<login>>
make_connect_chain(metrics& stats, std::chrono::nanoseconds time_max) {
  auto res = std::make_shared<handler_chain<login>>(event_type::connect, stats,
                                                    time_max);
  res->add("view", &user_state::fetch_login_view)
    .add("authenticate", &user_state::authenticate_login)
    .add("keys", &user_state::agree_on_keys)
    .add("conflicts", &user_state::settle_conflicts)
    .add("establish", &user_state::establish);
  return res;
}

std::shared_ptr<const handler_chain<sending>>
make_send_chain(metrics& stats, std::chrono::nanoseconds time_max) {
  auto res = std::make_shared<handler_chain<sending>>(event_type::on_send,
                                                      stats, time_max);
  res->add("permission", &user_state::check_send_ban)
    .add("rates", &user_state::check_rates)
    .add("decrypt", &user_state::decrypt)
    .add("limits", &user_state::check_limits)
    .add("submit", &user_state::submit);
  return res;
}

void user_services::build_chains() {
  connect = make_connect_chain(*stats, handler_time_max);
  on_send = make_send_chain(*stats, handler_time_max);
  on_connect = &stats->handler(event_type::on_connect, "bookkeeping");
  send_ack = &stats->handler(event_type::send_ack, "acknowledge");
  recv_ack = &stats->handler(event_type::recv_ack, "forget");
  conn_close = &stats->handler(event_type::conn_close, "remove");
  sub = &stats->handler(event_type::sub, "subscribe");
  unsub = &stats->handler(event_type::unsub, "unsubscribe");
}

// -- Connect ------------------------------------------------------------------

step user_state::fetch_login_view(login& x) {
  if (x.view)
    return step::next();
  if (x.asked)
    return step::stop(errc::unavailable);
  x.asked = true;
  x.self->fetch_view(x.request->frame.device_flag);
  return step::retry();
}

step user_state::authenticate_login(login& x) {
  auto& f = x.request->frame;
  x.who.uid = f.uid;
  x.who.device_id = f.device_id;
  x.who.device_flag = f.device_flag;
  x.who.version = negotiated(f.version);
  x.who.json_rpc = x.request->json_rpc;
  auto verdict = authenticate(*x.self->services_, f, *x.view, x.who);
  return verdict == errc::none ? step::next() : step::stop(verdict);
}

step user_state::agree_on_keys(login& x) {
  if (x.self->services_->disable_encryption || x.who.json_rpc)
    return step::next();
  auto keys = wire::agree(x.request->frame.client_key);
  if (!keys)
    return step::stop(keys.error());
  x.keys = *std::move(keys);
  x.who.encrypted = true;
  x.who.keys = x.keys.keys;
  return step::next();
}

step user_state::settle_conflicts(login& x) {
  using namespace std::chrono_literals;
  for (auto& old : x.self->sessions_) {
    auto who = old->identity();
    if (!who)
      continue;
    auto fate = device_policy::of(x.who, *who);
    if (fate == device_policy::fate::kick)
      old->close(wire::reason::connect_kick, "login in other device", 2s);
    else if (fate == device_policy::fate::replace)
      old->close(wire::reason::unknown, {}, 2s);
  }
  return step::next();
}

step user_state::establish(login& x) {
  auto& self = *x.self;
  auto& session = x.from->content.from;
  session->establish(
    std::move(x.who),
    connack_for(*self.services_, *x.request, *session, errc::none, x.keys));
  // In the table only now: CONNACK is the first frame, pushes come behind it.
  self.sessions_.push_back(session);
  self.services_->sessions->add(session);
  self.services_->stats->add(counter::logins);
  self.services_->on_connect->add(0, 1, 0);
  return step::next();
}

// -- OnSend -------------------------------------------------------------------

namespace {

submit_item item_of(const wire::send_frame& f) {
  submit_item res;
  res.flags = f.flags;
  res.setting = f.setting;
  res.client_seq = f.client_seq;
  res.expire = f.expire;
  res.client_msg_no = f.client_msg_no;
  res.topic = f.topic;
  res.stream_no = f.stream_no;
  res.payload = f.payload;
  return res;
}

errc verdict_on_size(const wire::send_frame& f, const submit_item& item) {
  if (item.payload.size() > limits::payload_bytes_max)
    return errc::too_large;
  for (auto name : {f.channel_id, f.client_msg_no, f.topic, f.stream_no})
    if (name.size() > limits::name_bytes_max)
      return errc::too_large;
  return errc::none;
}

/// One cipher per thread: its contexts are dear, its keys are set per use.
wire::cipher& cipher_of_this_thread() {
  thread_local wire::cipher one;
  return one;
}

} // namespace

step user_state::check_send_ban(sending& x) {
  auto& self = *x.self;
  auto stale = !self.have_flags_ || self.flags_version_ != self.view_version();
  auto failed = std::exchange(self.fetch_error_, errc::none) != errc::none;
  if (stale && !failed) {
    if (!self.fetching_)
      self.fetch_view(-1);
    return step::retry();
  }
  auto verdict = errc::none;
  if (stale)
    verdict = errc::unavailable;
  else if ((self.channel_flags_ & command::channel_flags::send_ban) != 0)
    verdict = errc::send_banned;
  x.items.clear(); // may run once more after a fault
  x.items.reserve(x.frames.size());
  for (auto* f : x.frames) {
    x.items.push_back(item_of(*f));
    x.items.back().verdict = verdict;
  }
  return step::next();
}

/// The limit of the address first: who shares it shares what is left.
step user_state::check_rates(sending& x) {
  auto& services = *x.self->services_;
  auto limit = services.send_rate->get();
  auto by_address = services.address_rates->limited();
  if ((!limit.limited() && !by_address) || x.alone)
    return step::next();
  auto now = services.now_ms();
  auto good = [](auto& item) { return item.verdict == errc::none; };
  auto wanted = static_cast<std::size_t>(
    std::count_if(x.items.begin(), x.items.end(), good));
  auto allowed = wanted;
  if (by_address) {
    std::string_view address = x.from->content.from->transport().remote_address;
    allowed = services.address_rates->take(
      address.substr(0, address.rfind(':')), allowed, now);
  }
  allowed = x.self->bucket_.take(limit, allowed, now);
  services.stats->add(counter::sends_rate_limited, wanted - allowed);
  for (auto& item : x.items) {
    if (good(item) && allowed == 0)
      item.verdict = errc::rate_limited;
    else if (good(item))
      --allowed;
  }
  return step::next();
}

step user_state::decrypt(sending& x) {
  if (!x.who || !x.who->encrypted)
    return step::next();
  std::size_t room = 0;
  for (auto* f : x.frames)
    room += f->payload.size();
  x.plain = std::make_shared<byte_vector>();
  x.plain->reserve(room); // views into it must stay
  auto& cipher = cipher_of_this_thread();
  cipher.use(x.who->keys);
  for (std::size_t i = 0; i < x.items.size(); ++i) {
    auto& item = x.items[i];
    if (item.verdict != errc::none)
      continue;
    auto& f = *x.frames[i];
    auto key = cipher.sign(f);
    auto begin = x.plain->size();
    if (f.msg_key != std::string_view{key.data(), key.size()})
      item.verdict = errc::bad_payload;
    else
      item.verdict = cipher.decrypt(as_bytes(f.payload), *x.plain);
    item.payload = as_text(byte_span{*x.plain}.subspan(begin));
  }
  return step::next();
}

step user_state::check_limits(sending& x) {
  for (std::size_t i = 0; i < x.items.size(); ++i)
    if (x.items[i].verdict == errc::none)
      x.items[i].verdict = verdict_on_size(*x.frames[i], x.items[i]);
  return step::next();
}

step user_state::submit(sending& x) {
  auto& self = *x.self;
  x.gone.assign(x.items.size(), false);
  std::vector<submit_item> refused;
  std::vector<submit_batch> batches;
  std::vector<std::size_t> bytes;                       // of each batch
  std::vector<std::size_t> batch_of(x.items.size(), 0); // 0 = refused
  for (std::size_t i = 0; i < x.items.size(); ++i) {
    auto& item = x.items[i];
    if (item.verdict == errc::none) {
      batch_of[i] = self.place_of(batches, bytes, *x.frames[i]);
      batches[batch_of[i] - 1].items.push_back(item);
      continue;
    }
    item.message_id = self.services_->ids->next(self.services_->now_ms());
    refused.push_back(item);
  }
  // What is handed on or answered is not tried again after a fault: a batch
  // that is dropped on its way answers by that.
  auto mark = [&](std::size_t batch) {
    for (std::size_t i = 0; i < batch_of.size(); ++i)
      x.gone[i] = x.gone[i] || batch_of[i] == batch;
  };
  mark(0);
  if (!refused.empty())
    acknowledge(x.from->content.from, refused, *self.services_->stats);
  for (std::size_t i = 0; i < batches.size(); ++i) {
    mark(i + 1);
    self.submit_to(x, std::move(batches[i]));
  }
  return step::next();
}

/// Finds or makes the batch of the channel of `f`: the last one, unless that is
/// large. Returns 1 + its index.
std::size_t user_state::place_of(std::vector<submit_batch>& batches,
                                 std::vector<std::size_t>& bytes,
                                 const wire::send_frame& f) const {
  for (auto i = batches.size(); i-- > 0;) {
    if (batches[i].channel.type != f.channel_type
        || batches[i].channel_id != f.channel_id)
      continue;
    if (bytes[i] + f.payload.size() > limits::submit_bytes_max)
      break;
    bytes[i] += f.payload.size();
    return i + 1;
  }
  bytes.push_back(f.payload.size());
  auto& b = batches.emplace_back();
  b.channel
    = {f.channel_type, stored_channel_id(uid_, f.channel_id, f.channel_type)};
  b.channel_id = f.channel_id;
  return batches.size();
}

namespace {

/// Says to the client what its user can no longer say.
void last_word(const user_services& services, submit_batch& batch, errc e) {
  if (e != errc::none)
    acknowledge(batch.from, batch.items, *services.stats);
}

} // namespace

void user_state::submit_to(const sending& x, submit_batch batch) {
  batch.from_uid = uid_;
  batch.from = x.from->content.from;
  auto holder = x.holder();
  batch.frames = shared_bytes{holder, nullptr, 0};
  if (x.plain)
    batch.plain = shared_bytes{x.plain, x.plain->data(), x.plain->size()};
  auto places = static_cast<std::int64_t>(batch.items.size());
  // The batches of the socket stay alive until their sends are answered: so
  // their places stay taken and this actor cannot retire in between.
  auto answer = [me = user_actor{self_}, held = std::move(holder),
                 services = services_](channel_batch& from, errc why) {
    auto& done = std::get<submit_batch>(from);
    for (auto& item : done.items) {
      if (why != errc::none)
        item.verdict = why;
      if (item.message_id == 0)
        item.message_id = services->ids->next(services->now_ms());
    }
    auto unread = [services, held](submit_batch& b, errc e) {
      last_word(*services, b, e);
    };
    caf::anon_send(
      me, std::make_shared<submitted>(std::move(done), 0, std::move(unread)));
  };
  services_->submit(std::make_shared<channel_delivery>(
    channel_batch{std::move(batch)}, places, std::move(answer)));
}

} // namespace jindou::actors
