#include "storage/cut_scheduler.hpp"

#include <algorithm>

namespace jindou::storage {

// -- cut_scheduler ------------------------------------------------------------

cut_scheduler::cut_scheduler(std::size_t replicas, duration cut_age)
    : cut_age_(cut_age), since_(replicas) {
  // nop
}

void cut_scheduler::changed(std::size_t replica, time_point now) {
  auto& since = since_[replica];
  if (since)
    return;
  since = now;
  ++active_;
}

void cut_scheduler::sealed(std::size_t replica, time_point now) {
  last_ = now;
  sealed_early(replica);
}

void cut_scheduler::sealed_early(std::size_t replica) {
  if (!since_[replica])
    return;
  since_[replica].reset();
  --active_;
}

std::optional<std::size_t>
cut_scheduler::due(time_point now,
                   const std::function<bool(std::size_t)>& may) const {
  if (active_ == 0)
    return {};
  std::optional<std::size_t> oldest;
  for (std::size_t i = 0; i < since_.size(); ++i)
    if (since_[i] && may(i) && (!oldest || *since_[i] < *since_[*oldest]))
      oldest = i;
  if (!oldest)
    return {};
  auto age = now - *since_[*oldest];
  auto space = cut_age_ / static_cast<duration::rep>(active_);
  auto spaced = !last_ || now - *last_ >= space;
  if (age >= 2 * cut_age_ || (age >= cut_age_ && spaced))
    return oldest;
  return {};
}

// -- fold_scheduler -----------------------------------------------------------

fold_scheduler::fold_scheduler(std::size_t replicas, duration fold_age)
    : fold_age_(fold_age), waiting_(replicas) {
  // nop
}

void fold_scheduler::waits(std::size_t replica, load x, time_point now) {
  auto& w = waiting_[replica];
  w.overdue = x.overdue;
  if (x.channels == 0)
    w.since.reset();
  else if (!w.since)
    w.since = now;
}

std::optional<std::size_t> fold_scheduler::oldest() const {
  std::optional<std::size_t> res;
  for (std::size_t i = 0; i < waiting_.size(); ++i) {
    auto& x = waiting_[i];
    if (!x.since)
      continue;
    if (!res || (x.overdue && !waiting_[*res].overdue)
        || (x.overdue == waiting_[*res].overdue
            && *x.since < *waiting_[*res].since))
      res = i;
  }
  return res;
}

std::optional<std::size_t> fold_scheduler::due(time_point now) const {
  if (current_)
    return now >= next_step_ ? current_ : std::nullopt;
  auto at = next();
  return at && now >= *at ? oldest() : std::nullopt;
}

std::optional<fold_scheduler::time_point> fold_scheduler::next() const {
  if (current_)
    return next_step_;
  auto first = oldest();
  if (!first)
    return {};
  auto& x = waiting_[*first];
  return x.overdue ? *x.since : *x.since + fold_age_;
}

void fold_scheduler::forget(std::size_t replica) {
  waiting_[replica] = {};
  if (current_ == replica)
    current_.reset();
}

void fold_scheduler::stepped(std::size_t replica, std::size_t steps_left,
                             time_point now) {
  if (steps_left == 0) {
    current_.reset();
    waiting_[replica].since.reset();
    return;
  }
  current_ = replica;
  auto all = std::ranges::count_if(
    waiting_, [](const auto& x) { return x.since.has_value(); });
  auto share = fold_age_ * 7 / 10 / std::max<std::ptrdiff_t>(all, 1);
  auto steps = static_cast<duration::rep>(steps_left);
  next_step_ = waiting_[replica].overdue ? now : now + share / (steps + 1);
}

} // namespace jindou::storage
