// The handlers of the Distribute chain, and what they need.

#include "actors/channel/channel.hpp"
#include "actors/channel/permission.hpp"
#include "messages/channel_id.hpp"
#include "messages/hash.hpp"
#include "messages/limits.hpp"

#include <caf/send.hpp>

#include <iterator>

namespace jindou::actors {

// -- reads of the applied state
// -------------------------------------------------

bool channel_state::view_is_fresh() const {
  if (!loaded_)
    return false;
  // Its own record changes only through this actor; that of the channel
  // behind a command channel changes elsewhere.
  if (key_ == lists_key_)
    return true;
  auto slot = slot_of(hash_of_channel(lists_key_.type, lists_key_.id));
  return services_->slots->versions->of(slot) == version_;
}

void channel_state::fetch_view() {
  auto hash = hash_of_channel(lists_key_.type, lists_key_.id);
  auto version = services_->slots->versions->of(slot_of(hash));
  fetching_ = true;
  channel_actor me{self_};
  auto answer = make_reply<channel_view>([me, version](result<channel_view> x) {
    channel_fetched res{version, errc::none, nullptr};
    if (x)
      res.view = std::make_shared<const channel_view>(*std::move(x));
    else
      res.error = x.error();
    caf::anon_send(me, std::move(res));
  });
  self_->send(services_->slots->ports_of_hash(hash).applier,
              std::make_shared<fetch_channel>(
                fetch_channel{lists_key_, std::move(answer)}));
}

void channel_state::ask_about(std::string_view owner, std::string_view sender) {
  auto hash = hash_of_channel(channel_type::person, owner);
  auto version = services_->slots->versions->of(slot_of(hash));
  fetching_ = true;
  channel_actor me{self_};
  auto answer = make_reply<person_view>(
    [me, version, who = std::string{sender}](result<person_view> x) {
      person_fetched res{who, version, errc::none, {}};
      if (x)
        res.view = *x;
      else
        res.error = x.error();
      caf::anon_send(me, std::move(res));
    });
  self_->send(services_->slots->ports_of_hash(hash).applier,
              std::make_shared<fetch_person>(fetch_person{
                std::string{owner}, std::string{sender}, std::move(answer)}));
}

// -- handlers of the Distribute chain
// -------------------------------------------

void channel_services::build_chains() {
  auto make = [this](event_type event) {
    auto res = std::make_shared<handler_chain<distribution>>(event, *stats,
                                                             handler_time_max);
    res->add("rates", &channel_state::check_rate)
      .add("view", &channel_state::check_view)
      .add("permission", &channel_state::check_permission)
      .add("store", &channel_state::build_records)
      .add("replicate", &channel_state::replicate)
      .add("post_process", &channel_state::post_process);
    return res;
  };
  distribute = make(event_type::distribute);
  store = make(event_type::store);
}

step channel_state::check_rate(distribution& x) {
  auto& self = *x.self;
  auto& services = *self.services_;
  auto limit = services.send_rate->get();
  if (!limit.limited() || !x.batch().from) // HTTP is trusted
    return step::next();
  if (self.bucket_.admit(limit, x.size, services.now_ms()))
    return step::next();
  services.stats->add(counter::sends_rate_limited, x.size);
  return step::stop(errc::rate_limited);
}

step channel_state::check_view(distribution& x) {
  auto& self = *x.self;
  if (self.view_is_fresh())
    return step::next();
  if (auto e = std::exchange(self.fetch_error_, errc::none); e != errc::none)
    return step::stop(errc::unavailable);
  if (!self.fetching_)
    self.fetch_view();
  return step::retry();
}

step channel_state::check_permission(distribution& x) {
  auto& self = *x.self;
  // v2 looks at the record of the command channel itself, which nobody sets.
  auto flags = self.key_ == self.lists_key_ ? self.flags_ : 0;
  if (auto e = permission::of_channel(self.key_.type, flags); e != errc::none)
    return step::stop(e);
  permission::sender who{x.from_uid, x.batch().system_device,
                         self.services_->is_system(x.from_uid)};
  switch (permission::about(who, self.key_.type, self.key_.id)) {
  case permission::question::nothing:
    return step::next();
  case permission::question::person:
    return self.ask_person(x);
  case permission::question::group:
    break;
  }
  auto verdict = self.ask_lists(x.from_uid);
  return verdict == errc::none ? step::next() : step::stop(verdict);
}

step channel_state::ask_person(const distribution& x) {
  auto other = permission::other_person(key_.id, x.from_uid);
  if (services_->is_system(other))
    return step::next();
  auto slot = slot_of(hash_of_channel(channel_type::person, other));
  auto i = persons_.find(x.from_uid);
  if (i == persons_.end()
      || i->second.version != services_->slots->versions->of(slot)) {
    if (auto e = std::exchange(fetch_error_, errc::none); e != errc::none)
      return step::stop(errc::unavailable);
    if (!fetching_)
      ask_about(other, x.from_uid);
    return step::retry();
  }
  auto verdict
    = permission::of_person(i->second.view, services_->allow_list_off);
  return verdict == errc::none ? step::next() : step::stop(verdict);
}

errc channel_state::ask_lists(std::string_view uid) const {
  permission::group_facts facts;
  facts.denied = denied_.contains(uid);
  facts.subscribed = subscribers_.contains(uid);
  facts.allow_list_empty = allowed_.empty();
  facts.allowed = allowed_.contains(uid);
  return permission::of_group(facts);
}

/// Makes room for the records of `x`: beside those of others if all together
/// stay within one round of the log.
void channel_state::make_runway(distribution& x) {
  if (runway_) {
    auto bytes = runway_->size();
    for (auto& item : x.batch().items)
      bytes += item.payload.size();
    if (bytes > limits::proposal_batch_bytes_max / 2
        || runway_ends_.size() + x.size > limits::proposal_batch_entries_max)
      take_off();
  }
  if (!runway_) {
    runway_ = std::make_shared<byte_vector>();
    runway_request_ = ++last_request_;
  }
}

step channel_state::build_records(distribution& x) {
  auto& self = *x.self;
  self.make_runway(x);
  x.build([&self] { return self.next_id(); }, self.chan_no_, self.runway_);
  return step::next();
}

step channel_state::replicate(distribution& x) {
  auto& self = *x.self;
  x.since_ms = self.services_->now_ms();
  if (x.ends.empty()) {
    x.done = true;
    return self.flights_.empty() ? step::next() : step::wait();
  }
  x.request = self.runway_request_;
  x.first = self.runway_ends_.size();
  self.runway_ends_.insert(self.runway_ends_.end(), x.ends.begin(),
                           x.ends.end());
  return step::wait();
}

step channel_state::post_process(distribution& x) {
  auto& self = *x.self;
  self.count(x);
  x.answer();
  if (x.fan_out)
    self.fan_out(x);
  self.remember_conversation(x);
  return step::next();
}

// -- helpers
// --------------------------------------------------------------------

message_id channel_state::next_id() {
  return services_->ids->next(services_->now_ms());
}

void channel_state::propose_block(group_id group, std::uint64_t request,
                                  mutable_block block,
                                  std::vector<std::uint32_t> ends) {
  auto msg = std::make_shared<propose>();
  msg->group = group;
  msg->request = request;
  msg->from = channel_actor{self_};
  msg->block = std::move(block);
  msg->ends = std::move(ends);
  self_->send(services_->slots->groups[group].host, std::move(msg));
}

void channel_state::count(const distribution& x) {
  auto& stats = *services_->stats;
  for (auto& res : x.results) {
    if (res.duplicate)
      stats.add(counter::sends_duplicate);
    if (res.payload_differs)
      stats.add(counter::sends_duplicate_other_payload);
  }
}

void channel_state::fan_out(distribution& x) {
  auto content = x.content(services_->now_ms());
  if (!content)
    return;
  if (x.receivers) {
    push_gathered();
    subscriber_set given;
    given.assign(*x.receivers);
    return push_to(content, given.parts());
  }
  std::size_t bytes = 0;
  for (auto& item : content->items)
    bytes += item.stored.record.size();
  if (gathered_ && gathered_->channel_id == content->channel_id
      && gathered_bytes_ + bytes <= limits::push_bytes_max) {
    auto& to = gathered_->items;
    to.insert(to.end(), std::make_move_iterator(content->items.begin()),
              std::make_move_iterator(content->items.end()));
  } else {
    push_gathered();
    gathered_ = std::move(content);
  }
  gathered_bytes_ += bytes;
  if (gathered_->items.size() >= limits::frames_per_batch_max)
    push_gathered();
}

void channel_state::push_gathered() {
  if (!gathered_)
    return;
  std::shared_ptr<const push_content> content
    = std::exchange(gathered_, nullptr);
  gathered_bytes_ = 0;
  auto parts = receivers();
  push_to_listeners(content);
  push_to(content, parts);
}

void channel_state::push_to(const std::shared_ptr<const push_content>& content,
                            const std::vector<subscriber_set::part>& parts) {
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (!parts[i]->empty())
      push_part({content, parts[i], nullptr, hash_ + i});
}

void channel_state::push_part(push_batch part) {
  pushes_->fetch_add(1);
  auto ended
    = [count = pushes_, stats = services_->stats](push_batch& x, errc e) {
        count->fetch_sub(1);
        if (e != errc::none && !x.only) // the off-line path
          stats->add(counter::pushes_parked,
                     x.receivers->size() * x.content->items.size());
      };
  services_->push(
    std::make_shared<push_delivery>(std::move(part), 1, std::move(ended)));
}

/// Whether messages make the conversations of their receivers. Elsewhere lists
/// make them: those of subscribers, or with allow lists between persons those.
bool channel_state::makes_conversations() const {
  if (key_ != lists_key_)
    return false;
  return key_.type == channel_type::customer_service
         || (key_.type == channel_type::person && services_->allow_list_off);
}

void channel_state::remember_conversation(const distribution& x) {
  if (!makes_conversations() || x.results.empty() || x.error != errc::none
      || x.results.front().seq != 1 || x.results.front().duplicate)
    return;
  for (auto& part : receivers())
    for (auto& uid : *part) {
      if (uid == well_known::system_uid)
        continue;
      command::conversation_put put{uid, key_, 0, uid == x.from_uid ? 1U : 0U,
                                    0,   {}};
      auto block = std::make_shared<byte_vector>();
      if (command::encode(put, *block) != errc::none)
        continue;
      auto size = static_cast<std::uint32_t>(block->size());
      propose_block(services_->slots->group_of_hash(hash_of_user(uid)), 0,
                    std::move(block), {size});
    }
}

} // namespace jindou::actors
