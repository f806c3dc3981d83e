#include "actors/user/user.hpp"

#include "actors/gateway/frame_encoder.hpp"
#include "actors/gateway/session_table.hpp"
#include "actors/log.hpp"
#include "messages/hash.hpp"
#include "messages/limits.hpp"
#include "messages/wire/codec.hpp"

#include <caf/send.hpp>

#include <algorithm>

namespace jindou::actors {

user_actor::behavior_type user(user_pointer self, user_services_ptr services,
                               std::string uid) {
  self->state.start(self, std::move(services), std::move(uid));
  return {
    [self](const user_delivery_ptr& x) {
      self->guarded(x->content.events.size(),
                    [&] { self->state.on_delivery(x); });
    },
    [self](const submitted_ptr& x) {
      self->guarded(1, [&] { self->state.on_submitted(x); });
    },
    [self](const subscribed& x) {
      self->guarded(0, [&] { self->state.on_subscribed(x); });
    },
    [self](const user_fetched& x) {
      self->guarded(0, [&] { self->state.on_fetched(x); });
    },
    [self](atom::tick) { self->guarded(0, [&] { self->state.on_tick(); }); },
    [self](atom::idle) { self->guarded(0, [&] { self->state.on_idle(); }); },
    [self](atom::status) {
      self->guarded(0, [&] { self->state.work(); });
      return self->state.on_status();
    },
    [self](const applied_ptr& x) {
      self->guarded(0, [&] { self->state.on_applied(x); });
    },
  };
}

// -- life ---------------------------------------------------------------------

void user_state::start(user_pointer self, user_services_ptr services,
                       std::string uid) {
  self_ = self;
  services_ = std::move(services);
  uid_ = std::move(uid);
  self->set_quarantine([this](std::string_view why) { on_failure(why); });
}

/// A handler threw. Messages get a second chance one by one, so that the bad
/// one is found and the others pass.
void user_state::on_failure(std::string_view why) {
  if (auto failed = std::exchange(sending_, nullptr)) {
    if (failed->alone)
      set_aside(*failed, why);
    else
      try_one_by_one(*failed);
  } else {
    log().error("[event-failed] user failed on an event: {}", why);
  }
  if (auto failed = std::exchange(login_, nullptr))
    refuse(*failed, errc::quarantined);
  // The queue goes on behind the event that failed.
  self_->send(user_actor{self_}, atom::tick::value);
}

void user_state::try_one_by_one(const sending& failed) {
  for (auto i = failed.frames.size(); i-- > 0;) {
    if (i < failed.gone.size() && failed.gone[i])
      continue;
    auto one = std::make_unique<sending>();
    one->self = this;
    one->from = failed.from;
    one->more = failed.more;
    one->alone = true;
    one->last = retries_.empty();
    one->who = failed.who;
    one->frames = {failed.frames[i]};
    retries_.push_back(std::move(one));
  }
  services_->stats->add(counter::events_retried, retries_.size());
  if (retries_.empty())
    failed.answer_all_but(current_);
}

void user_state::set_aside(const sending& failed, std::string_view why) {
  log().error("[event-quarantined] user failed twice on a SEND: {}", why);
  services_->stats->add(counter::events_quarantined);
  auto& frame = *failed.frames.front();
  quarantine_row row{"user " + uid_, event_type::on_send, std::string{why}, {}};
  (void)wire::encode(frame, wire::latest_version, row.body);
  services_->quarantine(std::move(row));
  submit_item item;
  item.flags = frame.flags;
  item.client_seq = frame.client_seq;
  item.verdict = errc::quarantined;
  item.message_id = services_->ids->next(services_->now_ms());
  acknowledge(failed.from->content.from, {item}, *services_->stats);
  if (failed.last)
    failed.answer_all_but(current_);
}

void user_state::on_idle() {
  if (self_->place()->depth() != 0 || !sessions_.empty() || !tokens_.empty())
    return work();
  if (!self_->place()->retire()) // somebody stands in the door
    return;
  services_->forget(uid_, self_->place().get());
  self_->quit();
}

void user_state::on_tick() {
  auto limit = services_->now_ms()
               - std::chrono::milliseconds{limits::request_deadline}.count();
  for (auto& [request, x] : tokens_)
    if (x.since_ms < limit)
      x.order->answer->answer(errc::unknown);
  push_again();
  work();
}

void user_state::push_again() {
  auto now = services_->now_ms();
  for (auto& to : sessions_)
    for (auto& x : to->take_due(now - services_->retry_interval.count(), now,
                                services_->retry_max)) {
      services_->stats->add(counter::recvs_resent);
      to->send(std::move(x.frame), to);
    }
}

std::string user_state::on_status() const {
  return fmt::format("user {}\nsessions {}\nwaiting {}\nblocked {}\n", uid_,
                     sessions_.size(), waiting_.size(),
                     login_ != nullptr || sending_ != nullptr);
}

// -- messages -----------------------------------------------------------------

void user_state::on_delivery(const user_delivery_ptr& x) {
  waiting_.push_back(x);
  work();
}

void user_state::on_submitted(const submitted_ptr& x) {
  auto t0 = std::chrono::steady_clock::now();
  auto& batch = x->content;
  acknowledge(batch.from, batch.items, *services_->stats);
  x->answer(errc::none);
  auto spent = std::chrono::steady_clock::now() - t0;
  services_->send_ack->add(static_cast<std::uint64_t>(spent.count()),
                           batch.items.size(), 0);
  work();
}

void user_state::on_fetched(const user_fetched& x) {
  fetching_ = false;
  fetch_error_ = x.error;
  if (x.error == errc::none) {
    have_flags_ = true;
    channel_flags_ = x.view->channel_flags;
    flags_version_ = x.version;
  }
  if (login_) {
    login_->view = x.view;
    run_login();
  } else if (sending_) {
    run_sending();
  }
  work();
}

void user_state::on_applied(const applied_ptr& x) {
  auto i = tokens_.find(x->request);
  if (i == tokens_.end())
    return work();
  auto token = std::move(i->second);
  tokens_.erase(i);
  auto verdict = x->error;
  if (verdict == errc::none && !x->results.empty())
    verdict = x->results.front().error;
  if (verdict == errc::none && token.order->level == device_level::master)
    kick_all(token.order->device_flag);
  if (verdict == errc::none)
    token.order->answer->answer({});
  else
    token.order->answer->answer(verdict);
  token.from->answer(errc::none);
  work();
}

// -- the queue ----------------------------------------------------------------

/// Whether the rest of this turn may add to the batches that wait.
bool user_state::more_comes() const {
  return waiting_.size() < limits::turn_batches_max && self_->more_waits();
}

void user_state::work() {
  if (more_comes())
    return;
  while (!login_ && !sending_ && handle_next())
    continue;
}

/// Handles the next event or run of SENDs. False: there is none.
bool user_state::handle_next() {
  if (!retries_.empty()) {
    sending_ = std::move(retries_.back());
    retries_.pop_back();
    run_sending();
    return true;
  }
  if (!current_) {
    if (waiting_.empty())
      return false;
    current_ = waiting_.pop_front();
    next_event_ = 0;
  }
  auto from = current_;
  auto& events = from->content.events;
  if (next_event_ == events.size()) {
    current_ = nullptr;
    from->answer(errc::none);
  } else if (std::holds_alternative<wire::send_frame>(events[next_event_])) {
    collect_sends();
    run_sending();
  } else {
    handle(from, events[next_event_++]);
  }
  return true;
}

void user_state::handle(const user_delivery_ptr& from,
                        const user_event& event) {
  auto& session = from->content.from;
  if (auto* request = std::get_if<connect_request>(&event)) {
    login_ = std::make_unique<login>();
    login_->self = this;
    login_->from = from;
    login_->request = request;
    run_login();
  } else if (auto* ack = std::get_if<wire::recvack_frame>(&event)) {
    recv_ack(session, *ack);
  } else if (std::holds_alternative<wire::ping_frame>(event)) {
    answer_pings(session, 1 + take_pings(), *services_->stats);
  } else if (std::holds_alternative<session_closed>(event)) {
    close_session(session);
  } else if (auto* token = std::get_if<set_token>(&event)) {
    write_token(from, *token);
  } else if (auto* sub = std::get_if<sub_request>(&event)) {
    subscribe(from, *sub);
  }
}

/// Whether SENDs of the same session are next in the queue.
bool user_state::next_continues(const session_ptr& session) const {
  if (waiting_.empty())
    return false;
  auto& next = waiting_.front()->content;
  return next.from == session && !next.events.empty()
         && std::holds_alternative<wire::send_frame>(next.events.front());
}

/// Takes the SENDs that follow each other, across the batches of one session.
void user_state::collect_sends() {
  auto& session = current_->content.from;
  sending_ = std::make_unique<sending>();
  sending_->self = this;
  sending_->from = current_;
  sending_->who = session->identity();
  auto& frames = sending_->frames;
  for (;;) {
    auto& events = current_->content.events;
    for (; next_event_ < events.size(); ++next_event_) {
      auto* f = std::get_if<wire::send_frame>(&events[next_event_]);
      if (f == nullptr)
        return;
      frames.push_back(f);
    }
    if (frames.size() >= limits::frames_per_batch_max
        || !next_continues(session))
      return;
    current_ = waiting_.pop_front();
    next_event_ = 0;
    sending_->more.push_back(current_);
  }
}

void user_state::run_login() {
  auto res = services_->connect->run(*login_);
  if (res.what == step::kind::pending)
    return;
  auto done = std::exchange(login_, nullptr);
  if (res.what == step::kind::stop)
    refuse(*done, res.error);
}

void user_state::refuse(const login& x, errc why) {
  services_->stats->add(counter::logins_refused);
  auto& session = x.from->content.from;
  session->refuse(refusal_of(*services_, *x.request, *session, why));
}

void user_state::run_sending() {
  if (services_->on_send->run(*sending_).what == step::kind::pending)
    return;
  if (sending_->last)
    sending_->answer_all_but(current_);
  sending_ = nullptr;
}

// -- single events ------------------------------------------------------------

void user_state::recv_ack(const session_ptr& from,
                          const wire::recvack_frame& f) {
  services_->stats->add(counter::recvacks);
  if (!f.flags.no_persist)
    from->acknowledge(static_cast<message_id>(f.message_id));
  services_->recv_ack->add(0, 1, 0);
}

/// Takes the PINGs that come next in the same batch; returns how many.
std::size_t user_state::take_pings() {
  auto& events = current_->content.events;
  auto first = next_event_;
  while (next_event_ < events.size()
         && std::holds_alternative<wire::ping_frame>(events[next_event_]))
    ++next_event_;
  return next_event_ - first;
}

void user_state::close_session(const session_ptr& who) {
  unsubscribe_all(who);
  services_->sessions->remove(who);
  std::erase(sessions_, who);
  services_->conn_close->add(0, 1, 0);
}

void user_state::write_token(const user_delivery_ptr& from,
                             const set_token& x) {
  command::device_put put{uid_, x.device_flag, x.level, x.token};
  auto msg = std::make_shared<propose>();
  msg->block = std::make_shared<byte_vector>();
  if (auto e = command::encode(put, *msg->block); e != errc::none)
    return x.answer->answer(e);
  msg->group = services_->slots->group_of_hash(hash_of_user(uid_));
  msg->request = ++last_request_;
  msg->from = user_actor{self_};
  msg->ends = {static_cast<std::uint32_t>(msg->block->size())};
  tokens_[msg->request] = {from, &x, services_->now_ms()};
  auto host = services_->slots->groups[msg->group].host;
  self_->send(host, std::move(msg));
}

void user_state::kick_all(std::uint8_t device_flag) {
  for (auto& old : sessions_) {
    auto who = old->identity();
    if (who && who->device_flag == device_flag)
      old->close(wire::reason::connect_kick, "账号在其他设备上登录",
                 std::chrono::seconds{10});
  }
}

// -- the view of this user ----------------------------------------------------

std::uint64_t user_state::view_version() const {
  auto& versions = *services_->slots->versions;
  auto channel = hash_of_channel(channel_type::person, uid_);
  return versions.of(slot_of(hash_of_user(uid_)))
         + versions.of(slot_of(channel));
}

void user_state::fetch_view(int device_flag) {
  fetching_ = true;
  auto request = ++last_request_;
  auto version = view_version();
  user_actor me{self_};
  auto answer
    = make_reply<user_view>([me, request, version](result<user_view> x) {
        user_fetched res{request, version, errc::none, nullptr};
        if (x)
          res.view = std::make_shared<const user_view>(*std::move(x));
        else
          res.error = x.error();
        caf::anon_send(me, std::move(res));
      });
  auto& ports = services_->slots->ports_of_hash(hash_of_user(uid_));
  self_->send(ports.applier, std::make_shared<fetch_user>(fetch_user{
                               uid_, device_flag, std::move(answer)}));
}

} // namespace jindou::actors
