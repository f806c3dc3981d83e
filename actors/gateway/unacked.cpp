#include "actors/gateway/unacked.hpp"

#include <algorithm>
#include <utility>

namespace jindou::actors {

namespace {

constexpr message_id nothing = 0;

/// Free places at the front that are worth moving the rest for.
constexpr std::size_t slack = 16;

} // namespace

bool unacked::remember(unacked_recv x) {
  auto full = count_ == max_;
  if (full)
    release(head_); // never a free place
  oldest_ms_
    = count_ == 0 ? x.pushed_at_ms : std::min(oldest_ms_, x.pushed_at_ms);
  if (full)
    trim();
  ids_.push_back(x.id);
  recvs_.push_back(std::move(x));
  ++count_;
  return !full;
}

bool unacked::acknowledge(message_id id) {
  if (id == nothing)
    return false;
  auto first = ids_.begin() + static_cast<std::ptrdiff_t>(head_);
  auto found = std::find(first, ids_.end(), id);
  if (found == ids_.end())
    return false;
  release(static_cast<std::size_t>(found - ids_.begin()));
  trim();
  return true;
}

std::vector<unacked_recv> unacked::take_due(std::int64_t before_ms,
                                            std::int64_t now_ms,
                                            unsigned attempts_max) {
  std::vector<unacked_recv> due;
  if (count_ == 0 || before_ms < oldest_ms_)
    return due;
  auto oldest = now_ms;
  for (auto i = head_; i < ids_.size(); ++i) {
    auto& x = recvs_[i];
    if (ids_[i] == nothing)
      continue;
    if (x.pushed_at_ms <= before_ms) {
      if (x.attempts >= attempts_max) {
        release(i);
        continue;
      }
      ++x.attempts;
      x.pushed_at_ms = now_ms;
      due.push_back(x);
    }
    oldest = std::min(oldest, x.pushed_at_ms);
  }
  oldest_ms_ = oldest;
  trim();
  return due;
}

void unacked::release(std::size_t at) {
  ids_[at] = nothing;
  recvs_[at] = {};
  --count_;
}

/// Keeps `head_` at the oldest RECV and the free places fewer than the rest.
void unacked::trim() {
  if (count_ == 0) {
    ids_.clear();
    recvs_.clear();
    head_ = 0;
    ids_.shrink_to_fit();
    recvs_.shrink_to_fit();
    return;
  }
  while (ids_[head_] == nothing)
    ++head_;
  if (ids_.size() < slack + 2 * count_)
    return;
  std::size_t to = 0;
  for (auto i = head_; i < ids_.size(); ++i)
    if (ids_[i] != nothing) {
      ids_[to] = ids_[i];
      recvs_[to++] = std::move(recvs_[i]);
    }
  ids_.resize(to);
  recvs_.resize(to);
  head_ = 0;
}

} // namespace jindou::actors
