#include "cluster/flush_queue.hpp"

#include "messages/assert.hpp"

#include <utility>

namespace jindou::cluster {

void flush_queue::add(log_job job) {
  std::size_t bytes = 0;
  for (const auto& x : job.append)
    bytes += x.bytes.size();
  auto entries = job.append.size();
  if (waiting_.empty()
      || waiting_.back().entries + entries > limits_.entries_max
      || waiting_.back().bytes + bytes > limits_.bytes_max)
    waiting_.emplace_back();
  auto& batch = waiting_.back();
  batch.entries += entries;
  batch.bytes += bytes;
  batch.jobs.push_back(std::move(job));
}

std::optional<log_batch> flush_queue::next() {
  if (full_ || waiting_.empty() || in_flight_.size() >= limits_.in_flight_max)
    return {};
  notes sent;
  for (const auto& job : waiting_.front().jobs)
    sent.push_back({job.group, job.job, job.vote,
                    job.append.empty() ? 0 : job.append.front().index,
                    static_cast<std::uint32_t>(job.append.size())});
  in_flight_.push_back(std::move(sent));
  auto batch = std::move(waiting_.front());
  waiting_.pop_front();
  return batch;
}

flush_queue::notes flush_queue::succeeded() {
  JINDOU_ASSERT(!in_flight_.empty());
  auto done = std::move(in_flight_.front());
  in_flight_.pop_front();
  if (full_ && failed_.empty() && in_flight_.empty())
    full_ = false;
  probing_ = false;
  return done;
}

void flush_queue::failed() {
  JINDOU_ASSERT(!in_flight_.empty());
  full_ = true;
  if (probing_)
    failed_.push_front(std::move(in_flight_.front()));
  else
    failed_.push_back(std::move(in_flight_.front()));
  probing_ = false;
  in_flight_.pop_front();
}

std::optional<flush_queue::notes> flush_queue::again() {
  if (failed_.empty() || !in_flight_.empty())
    return {};
  probing_ = true;
  in_flight_.push_back(std::move(failed_.front()));
  failed_.pop_front();
  return in_flight_.back();
}

} // namespace jindou::cluster
