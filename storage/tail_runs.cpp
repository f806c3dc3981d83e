#include "storage/tail_runs.hpp"

#include "messages/assert.hpp"

#include <algorithm>

namespace jindou::storage {

void tail_runs::touch() {
  if (undo_)
    return;
  auto count = runs_.empty() ? 0 : runs_.back().count;
  undo_ = undo{last_, runs_.size(), count, std::nullopt};
}

void tail_runs::append(position pos) {
  touch();
  ++last_;
  if (!runs_.empty()) {
    auto& back = runs_.back();
    JINDOU_ASSERT(pos >= back.pos + back.count);
    if (pos == back.pos + back.count) {
      ++back.count;
      return;
    }
  }
  runs_.push_back({last_, pos, 1});
}

std::vector<position_range> tail_runs::cut_from(raft::log_index index) {
  JINDOU_ASSERT(index > floor_);
  touch();
  if (!undo_->before) {
    undo_->before = runs_;
    // Appends of this transaction that came before the conflict.
    undo_->before->resize(undo_->size);
    if (undo_->size > 0)
      undo_->before->back().count = undo_->last_count;
  }
  std::vector<position_range> res;
  while (!runs_.empty() && last_ >= index) {
    auto& back = runs_.back();
    auto keep = index > back.first ? index - back.first : 0;
    res.push_back({back.pos + keep, back.pos + back.count - 1});
    last_ = back.first + keep - 1;
    back.count = keep;
    if (keep == 0)
      runs_.pop_back();
  }
  std::reverse(res.begin(), res.end());
  return res;
}

void tail_runs::commit() {
  undo_.reset();
}

void tail_runs::rollback() {
  if (!undo_)
    return;
  if (undo_->before) {
    runs_ = std::move(*undo_->before);
  } else {
    runs_.resize(undo_->size);
    if (!runs_.empty())
      runs_.back().count = undo_->last_count;
  }
  last_ = undo_->last;
  undo_.reset();
}

void tail_runs::forget_to(raft::log_index applied) {
  JINDOU_ASSERT(!undo_ && applied <= last_);
  floor_ = std::max(floor_, applied);
  auto covered = [&](const run& x) { return x.first + x.count <= floor_ + 1; };
  auto end = std::find_if_not(runs_.begin(), runs_.end(), covered);
  runs_.erase(runs_.begin(), end);
  if (runs_.empty() || runs_.front().first > floor_)
    return;
  auto& front = runs_.front();
  auto gone = floor_ + 1 - front.first;
  front = {floor_ + 1, front.pos + gone, front.count - gone};
}

std::optional<position> tail_runs::first_above(raft::log_index applied) const {
  for (auto& x : runs_)
    if (x.first + x.count > applied + 1)
      return x.pos + (applied >= x.first ? applied + 1 - x.first : 0);
  return std::nullopt;
}

} // namespace jindou::storage
