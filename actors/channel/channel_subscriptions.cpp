// SUB and UNSUB at a channel, and who receives what is sent to it.

#include "actors/channel/channel.hpp"
#include "actors/channel/permission.hpp"
#include "messages/channel_id.hpp"

#include <algorithm>

namespace jindou::actors {

namespace {

subscriber_set::part one_part(std::vector<std::string> uids) {
  return std::make_shared<const std::vector<std::string>>(std::move(uids));
}

} // namespace

// -- subscriptions ------------------------------------------------------------

/// Stops the queue until the view is there, as a batch of submits does.
void channel_state::begin_subscription(channel_delivery_ptr x) {
  auto& what = std::get<subscription>(x->content);
  auto asks_lists = what.wanted || key_.type != channel_type::data;
  if (asks_lists && !view_is_fresh()) {
    if (auto e = std::exchange(fetch_error_, errc::none); e != errc::none)
      return x->answer(errc::unavailable);
    blocked_subscription_ = std::move(x);
    if (!fetching_)
      fetch_view();
    return;
  }
  what.verdict = what.wanted ? subscribe(what) : unsubscribe(what);
  x->answer(errc::none);
}

errc channel_state::subscribe(subscription& x) {
  permission::listener who{is_receiver(x.uid), denied_.contains(x.uid)};
  // As with SENDs, the record of a command channel is its own, never written.
  auto flags = key_ == lists_key_ ? flags_ : 0;
  auto verdict = permission::of_listener(key_.type, flags, who);
  if (key_.type != channel_type::data)
    return verdict;
  if (verdict != errc::none) {
    if (listeners_)
      listeners_->remove(x.session); // let in before, not any more
    return verdict;
  }
  if (!listeners_)
    listeners_ = std::make_unique<listener_set>();
  listeners_->add(x.session, x.uid);
  x.kept = true;
  return errc::none;
}

errc channel_state::unsubscribe(const subscription& x) {
  auto known = key_.type == channel_type::data
                 ? listeners_ && listeners_->remove(x.session)
                 : is_receiver(x.uid);
  return known ? errc::none : errc::not_subscribed;
}

/// The subscribers or the deny list have changed.
void channel_state::review_listeners() {
  if (!listeners_)
    return;
  listeners_->touch();
  if (!denied_.empty())
    listeners_->remove_users(
      [this](std::string_view uid) { return denied_.contains(uid); });
}

// -- receivers ----------------------------------------------------------------

bool channel_state::has_two_ends() const {
  return key_.type == channel_type::person || key_.type == channel_type::agent;
}

/// Who receives without being a subscriber; empty if there is nobody.
std::string_view channel_state::guest() const {
  if (key_.type == channel_type::customer_service)
    return visitor_of(lists_key_.id);
  if (key_.type == channel_type::visitors)
    return lists_key_.id;
  return {};
}

bool channel_state::is_receiver(std::string_view uid) const {
  if (!has_two_ends())
    return uid == guest() || subscribers_.contains(uid);
  auto ends = split_channel_id(lists_key_.id);
  return ends && (ends->first == uid || ends->second == uid);
}

std::vector<subscriber_set::part> channel_state::receivers() {
  if (has_two_ends()) {
    auto ends = split_channel_id(lists_key_.id);
    if (!ends)
      return {};
    if (ends->first == ends->second)
      return {one_part({std::string{ends->first}})};
    return {one_part({std::string{ends->first}, std::string{ends->second}})};
  }
  if (pushes_->load() == 0)
    subscribers_.rebalance();
  auto parts = subscribers_.parts();
  if (auto extra = guest(); !extra.empty() && !subscribers_.contains(extra))
    parts.push_back(one_part({std::string{extra}}));
  return parts;
}

void channel_state::push_to_listeners(
  const std::shared_ptr<const push_content>& content) {
  if (!listeners_)
    return;
  auto& parts = listeners_->parts(subscribers_, pushes_->load() == 0);
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (!parts[i].uids->empty())
      push_part({content, parts[i].uids, parts[i].sessions, hash_ + i});
}

} // namespace jindou::actors
