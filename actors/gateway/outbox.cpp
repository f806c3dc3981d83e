#include "actors/gateway/outbox.hpp"

#include <iterator>
#include <utility>

namespace jindou::actors {

outbox::verdict outbox::push(shared_bytes frames, std::size_t weight_max) {
  if (weight_ > 0 && weight_ + weight_of(frames) > weight_max)
    return verdict::full;
  push_last(std::move(frames));
  return open_ && mark() ? verdict::wake : verdict::queued;
}

void outbox::push_last(shared_bytes frames) {
  if (frames.size() == 0)
    return;
  weight_ += weight_of(frames);
  frames_.push_back(std::move(frames));
}

void outbox::open(shared_bytes first) {
  open_ = true;
  if (first.size() == 0)
    return;
  weight_ += weight_of(first);
  frames_.insert(frames_.begin(), std::move(first));
}

bool outbox::mark() {
  return !std::exchange(told_, true);
}

void outbox::take(std::vector<shared_bytes>& to) {
  told_ = false;
  if (!open_)
    return;
  if (to.empty())
    to.swap(frames_);
  else
    to.insert(to.end(), std::make_move_iterator(frames_.begin()),
              std::make_move_iterator(frames_.end()));
  frames_.clear();
}

void outbox::drop_waiting() {
  for (auto& x : frames_)
    weight_ -= weight_of(x);
  frames_ = {};
}

} // namespace jindou::actors
