#include "cluster/raft/log.hpp"

#include "messages/assert.hpp"

#include <algorithm>
#include <utility>

namespace jindou::raft {

log::log(const restored& from, std::vector<entry> tail,
         std::size_t cache_bytes_max)
    : runs_{{from.first_index, from.first_term}},
      last_(from.last),
      durable_(from.last),
      applied_(from.applied),
      cache_bytes_max_(cache_bytes_max) {
  JINDOU_ASSERT(from.first_index <= from.applied);
  JINDOU_ASSERT(from.applied + tail.size() == from.last);
  for (const auto& run : from.terms)
    if (run.first > from.first_index && run.term > runs_.back().term)
      runs_.push_back(run);
  JINDOU_ASSERT(runs_.back().first <= last_);
  auto index = from.applied;
  for (auto& x : tail) {
    JINDOU_ASSERT(x.index == ++index && x.term == term_at(index));
    unapplied_bytes_ += x.bytes.size();
    entries_.push_back(std::move(x));
  }
}

term_t log::term_at(log_index index) const {
  JINDOU_ASSERT(index >= snapshot_index() && index <= last_);
  auto after = std::upper_bound(
    runs_.begin(), runs_.end(), index,
    [](log_index i, const term_run& run) { return i < run.first; });
  return std::prev(after)->term;
}

const entry& log::at(log_index index) const {
  JINDOU_ASSERT(holds(index));
  return entries_[entries_.size() - 1 - (last_ - index)];
}

void log::append(entry x, std::uint64_t job) {
  JINDOU_ASSERT(x.index == last_ + 1);  // nothing is overwritten
  JINDOU_ASSERT(x.term >= last_term()); // terms rise along a log
  JINDOU_ASSERT(shares_.empty() || job >= shares_.back().job);
  ++last_;
  if (x.term > last_term())
    runs_.push_back({last_, x.term});
  if (shares_.empty() || shares_.back().job != job)
    shares_.push_back({job, last_});
  else
    shares_.back().last = last_;
  unapplied_bytes_ += x.bytes.size();
  entries_.push_back(std::move(x));
}

void log::finished(std::uint64_t job) {
  for (; !shares_.empty() && shares_.front().job <= job; shares_.pop_front())
    durable_ = shares_.front().last;
}

void log::applied(log_index index) {
  JINDOU_ASSERT(index >= applied_ && index <= durable_);
  for (auto i = applied_ + 1; i <= index; ++i) {
    unapplied_bytes_ -= at(i).bytes.size();
    cache_bytes_ += at(i).bytes.size();
  }
  applied_ = index;
  evict();
}

void log::evict() {
  while (cache_bytes_ > cache_bytes_max_) {
    cache_bytes_ -= entries_.front().bytes.size();
    entries_.pop_front();
  }
}

} // namespace jindou::raft
