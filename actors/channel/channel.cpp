#include "actors/channel/channel.hpp"

#include "actors/log.hpp"
#include "messages/channel_id.hpp"
#include "messages/hash.hpp"
#include "messages/limits.hpp"

#include <caf/send.hpp>

#include <algorithm>

namespace jindou::actors {

channel_actor::behavior_type
channel(channel_pointer self, channel_services_ptr services, channel_key key) {
  self->state.start(self, std::move(services), std::move(key));
  return {
    [self](const channel_delivery_ptr& x) {
      self->guarded(1, [&] { self->state.on_delivery(x); });
    },
    [self](const channel_fetched& x) {
      self->guarded(0, [&] { self->state.on_channel(x); });
    },
    [self](const person_fetched& x) {
      self->guarded(0, [&] { self->state.on_person(x); });
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

// -- life
// -----------------------------------------------------------------------

void channel_state::start(channel_pointer self, channel_services_ptr services,
                          channel_key key) {
  self_ = self;
  services_ = std::move(services);
  key_ = std::move(key);
  lists_key_ = {key_.type, std::string{without_command_suffix(key_.id)}};
  hash_ = hash_of_channel(key_.type, key_.id);
  self->set_quarantine([this](std::string_view why) {
    log().error("[event-failed] channel failed on an event: {}", why);
    take_off(); // what stood before the event that failed
  });
}

void channel_state::on_idle() {
  if (self_->place()->depth() != 0 || !flights_.empty() || gathered_
      || (listeners_ && !listeners_->empty()))
    return work();
  if (!self_->place()->retire()) // somebody stands in the door
    return;
  services_->forget(directory_key(key_), self_->place().get());
  self_->quit();
}

void channel_state::on_tick() {
  auto limit = services_->now_ms()
               - std::chrono::milliseconds{limits::request_deadline}.count();
  for (auto& x : flights_)
    if (!x->done && x->since_ms < limit)
      x->refuse(errc::unknown, [this] { return next_id(); });
  if (order_ && order_->since_ms < limit)
    if (auto& to = std::get<channel_order>(order_->from->content).answer)
      to->answer(errc::unknown);
  work(); // whatever an event that failed has left behind
}

std::string channel_state::on_status() const {
  return fmt::format("channel {}:{}\nsubscribers {}\nlisteners {}\nwaiting {}\n"
                     "flights {}\nblocked {}\n",
                     key_.type, key_.id, subscribers_.size(),
                     listeners_ ? listeners_->size() : 0, waiting_.size(),
                     flights_.size(), blocked_ || blocked_subscription_);
}

// -- messages -----------------------------------------------------------------

void channel_state::on_delivery(const channel_delivery_ptr& x) {
  waiting_.push_back(x);
  work();
}

void channel_state::on_applied(const applied_ptr& x) {
  if (order_ && order_->request == x->request)
    return on_order_part(*x);
  auto same = [&](auto& f) { return f->request == x->request; };
  auto i = std::find_if(flights_.begin(), flights_.end(), same);
  if (x->request == 0 || i == flights_.end())
    return work(); // a conversation record, which nobody waits for
  if (!x->results.empty() && chan_no_ == 0)
    chan_no_ = x->results.front().chan_no;
  for (; i != flights_.end(); ++i) // those without records stand between
    if ((*i)->request == x->request)
      (*i)->settle(*x);
  land_flights();
}

void channel_state::on_channel(const channel_fetched& x) {
  fetching_ = false;
  fetch_error_ = x.error;
  if (x.error == errc::none) {
    loaded_ = true;
    version_ = x.version;
    flags_ = x.view->flags;
    if (key_ == lists_key_)
      chan_no_ = x.view->chan_no;
    subscribers_.assign(x.view->subscribers);
    denied_.assign(x.view->denied);
    allowed_.assign(x.view->allowed);
    review_listeners();
  }
  if (blocked_)
    advance(std::exchange(blocked_, nullptr));
  else if (blocked_subscription_)
    begin_subscription(std::exchange(blocked_subscription_, nullptr));
  work();
}

void channel_state::on_person(const person_fetched& x) {
  fetching_ = false;
  fetch_error_ = x.error;
  if (x.error == errc::none)
    persons_[x.sender] = {x.version, x.view};
  if (blocked_)
    advance(std::exchange(blocked_, nullptr));
  work();
}

// -- the queue
// ------------------------------------------------------------------

/// Whether the rest of this turn may add to the batches that wait.
bool channel_state::more_comes() const {
  return waiting_.size() < limits::turn_batches_max && self_->more_waits();
}

void channel_state::work() {
  if (more_comes())
    return;
  take_waiting();
  take_off();
  push_gathered();
}

void channel_state::take_waiting() {
  while (!blocked_ && !blocked_subscription_ && !order_ && !waiting_.empty()) {
    auto x = waiting_.pop_front();
    switch (x->content.index()) {
    case 0:
      begin_submit(std::move(x));
      break;
    case 1:
      begin_order(std::move(x));
      break;
    case 2:
      begin_history(x);
      break;
    default:
      begin_subscription(std::move(x));
    }
  }
}

void channel_state::begin_submit(channel_delivery_ptr x) {
  advance(std::make_unique<distribution>(*this, std::move(x)));
}

void channel_state::advance(std::unique_ptr<distribution> x) {
  auto* flight = x.get();
  auto& chain = flight->fan_out ? services_->distribute : services_->store;
  step res;
  try {
    res = chain->run(*flight);
  } catch (const std::exception& e) {
    return try_again_or_set_aside(std::move(x), e.what());
  }
  if (res.what == step::kind::stop)
    flight->refuse(res.error, [this] { return next_id(); });
  else if (res.what == step::kind::pending && res.again)
    blocked_ = std::move(x);
  else if (res.what == step::kind::pending)
    flights_.push_back(std::move(x));
}

/// A handler threw. It gets a second chance at once; a batch that fails again
/// is set aside and the channel goes on.
void channel_state::try_again_or_set_aside(std::unique_ptr<distribution> x,
                                           std::string_view why) {
  self_->place()->faults.fetch_add(1, std::memory_order_relaxed);
  if (x->request == 0 && x->block && x->block == runway_)
    runway_->resize(x->begin); // the others take off without its records
  if (!std::exchange(x->failed, true)) {
    services_->stats->add(counter::events_retried, x->size);
    return advance(std::move(x));
  }
  log().error("[event-quarantined] channel failed twice on a batch: {}", why);
  services_->stats->add(counter::events_quarantined, x->size);
  auto bytes = x->from->answered() ? byte_vector{} : x->frames_of_items();
  services_->quarantine({fmt::format("channel {}:{}", key_.type, key_.id),
                         event_type::distribute, std::string{why},
                         std::move(bytes)});
  x->refuse(errc::quarantined, [this] { return next_id(); });
}

void channel_state::land_flights() {
  while (!flights_.empty() && flights_.front()->done)
    advance(flights_.pop_front());
  work();
}

/// Proposes what was prepared for it, as one.
void channel_state::take_off() {
  if (runway_ends_.empty())
    return;
  propose_block(services_->slots->group_of_hash(hash_), runway_request_,
                std::exchange(runway_, nullptr), std::move(runway_ends_));
  runway_ends_.clear();
}

void channel_state::begin_order(channel_delivery_ptr x) {
  take_off(); // the order of the queue is the order of the log
  order_ = std::make_unique<pending_order>();
  order_->from = std::move(x);
  order_->since_ms = services_->now_ms();
  propose_order_part();
}

/// As much as one proposal may have: only what is longer may end half done.
void channel_state::propose_order_part() {
  auto& commands = std::get<channel_order>(order_->from->content).commands;
  auto block = std::make_shared<byte_vector>();
  std::vector<std::uint32_t> ends;
  auto& next = order_->proposed;
  constexpr auto enough = limits::flush_bytes_max - limits::command_bytes_max;
  while (next < commands.size() && block->size() < enough) {
    if (auto e = command::encode(commands[next++], *block); e != errc::none)
      return finish_order(e);
    ends.push_back(static_cast<std::uint32_t>(block->size()));
  }
  order_->request = ++last_request_;
  propose_block(services_->slots->group_of_hash(hash_), last_request_,
                std::move(block), std::move(ends));
}

void channel_state::on_order_part(const applied_batch& x) {
  auto& results = order_->results;
  results.insert(results.end(), x.results.begin(), x.results.end());
  auto& commands = std::get<channel_order>(order_->from->content).commands;
  if (x.error == errc::none && order_->proposed < commands.size())
    propose_order_part();
  else
    finish_order(x.error);
  work();
}

void channel_state::finish_order(errc outcome) {
  auto done = std::move(order_);
  auto& order = std::get<channel_order>(done->from->content);
  count_order(order.event, done->since_ms, outcome);
  if (outcome != errc::none) {
    loaded_ = false; // what became of it is not known: read again
    order.answer->answer(outcome);
  } else {
    for (std::size_t i = 0; i < order.commands.size(); ++i)
      // A command channel keeps the lists of its base in view, not its own.
      if (loaded_ && key_ == lists_key_ && done->results[i].error == errc::none)
        edit_lists(order.commands[i]);
    review_listeners();
    order.answer->answer(std::move(done->results));
  }
  done->from->answer(errc::none);
}

void channel_state::count_order(event_type event, std::int64_t since_ms,
                                errc outcome) {
  auto ms = std::max<std::int64_t>(0, services_->now_ms() - since_ms);
  services_->stats->handler(event, "replicate")
    .add(static_cast<std::uint64_t>(ms) * 1'000'000, 1,
         outcome == errc::none ? 0 : 1);
}

subscriber_set& channel_state::list_of(command::list which) {
  using command::list;
  if (which == list::subscriber)
    return subscribers_;
  return which == list::deny ? denied_ : allowed_;
}

void channel_state::edit_lists(const command::any& x) {
  using namespace command;
  if (auto* put = std::get_if<channel_put>(&x))
    edit_flags(*put);
  else if (std::holds_alternative<channel_disband>(x))
    flags_
      |= (flags_ & channel_flags::exists) != 0 ? channel_flags::disband : 0;
  else if (auto* add = std::get_if<members_add>(&x))
    add_members(*add);
  else if (auto* remove = std::get_if<members_remove>(&x))
    list_of(remove->list).remove(remove->uids);
  else if (auto* clear = std::get_if<members_clear>(&x))
    list_of(clear->list).assign({});
}

void channel_state::edit_flags(const command::channel_put& x) {
  if (!x.only_if_missing || (flags_ & command::channel_flags::exists) == 0)
    flags_ = x.flags | command::channel_flags::exists;
}

void channel_state::add_members(const command::members_add& x) {
  if (x.reset)
    list_of(x.list).assign({});
  list_of(x.list).add(x.uids);
}

void channel_state::begin_history(const channel_delivery_ptr& x) {
  services_->stats->handler(event_type::sync, "resolve").add(0, 1, 0);
  auto request = std::make_shared<history_request>(
    std::move(std::get<history_request>(x->content)));
  self_->send(services_->slots->ports_of_hash(hash_).applier,
              std::move(request));
  x->answer(errc::none);
}

} // namespace jindou::actors
