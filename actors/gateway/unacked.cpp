#include "actors/gateway/unacked.hpp"

#include <algorithm>
#include <utility>

namespace jindou::actors {

namespace {

constexpr message_id nothing = 0;

/// Free places at the front that are worth moving the rest for.
constexpr std::size_t slack = 16;

} // namespace

std::size_t unacked::remember(unacked_recv x) {
  oldest_ms_
    = count_ == 0 ? x.pushed_at_ms : std::min(oldest_ms_, x.pushed_at_ms);
  auto* last = before(ids_.size());
  if (last == nullptr || !last->frame.same_block(x.frame))
    bytes_ += x.block_bytes;
  ids_.push_back(x.id);
  recvs_.push_back(std::move(x));
  ++count_;
  std::size_t forgotten = 0;
  for (; count_ > 1 && (count_ > max_ || bytes_ > bytes_max_); ++forgotten) {
    release(head_); // never a free place
    trim();
  }
  return forgotten;
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
  std::size_t bytes = 0;
  for (auto i = head_; i < ids_.size(); ++i) {
    auto& x = recvs_[i];
    if (ids_[i] == nothing)
      continue;
    if (x.pushed_at_ms <= before_ms && bytes < limits::resend_bytes_max) {
      if (x.attempts >= attempts_max) {
        release(i);
        continue;
      }
      ++x.attempts;
      x.pushed_at_ms = now_ms;
      bytes += x.frame.size();
      due.push_back(x);
    }
    oldest = std::min(oldest, x.pushed_at_ms);
  }
  oldest_ms_ = oldest;
  trim();
  return due;
}

/// The nearest RECV in front of a place.
const unacked_recv* unacked::before(std::size_t at) const {
  while (at > head_ && ids_[at - 1] == nothing)
    --at;
  return at > head_ ? &recvs_[at - 1] : nullptr;
}

const unacked_recv* unacked::behind(std::size_t at) const {
  do
    ++at;
  while (at < ids_.size() && ids_[at] == nothing);
  return at < ids_.size() ? &recvs_[at] : nullptr;
}

/// Frees a place, and with the last RECV of a run the bytes of its block.
void unacked::release(std::size_t at) {
  auto gone = std::exchange(recvs_[at], {});
  ids_[at] = nothing;
  --count_;
  auto same = [](const unacked_recv* a, const unacked_recv* b) {
    return a != nullptr && b != nullptr && a->frame.same_block(b->frame);
  };
  auto* left = before(at);
  auto* right = behind(at);
  if (same(left, &gone) || same(right, &gone))
    return;
  bytes_ -= gone.block_bytes;
  if (same(left, right)) // two runs are one now
    bytes_ -= left->block_bytes;
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
