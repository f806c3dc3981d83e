#include "cluster/raft/core.hpp"

#include "messages/assert.hpp"

#include <algorithm>
#include <utility>

namespace jindou::raft {

core::core(config cfg, const restored& from, std::vector<entry> tail)
    : config_(cfg),
      members_(from.first_members),
      log_(from, std::move(tail), cfg.limits.cache_bytes_max),
      hs_(from.hs),
      commit_(from.applied), // the rest of the log commits with a new term
      applied_(from.applied),
      ordered_(from.applied),
      log_time_(from.log_time) {
  JINDOU_ASSERT(from.group == config_.group); // A9
  JINDOU_ASSERT(from.self == config_.self);   // A9
  JINDOU_ASSERT(hs_.term >= log_.last_term());
  check();
}

// -- inputs -------------------------------------------------------------------

void core::tick(std::uint64_t log_time) {
  log_time_ = std::max(log_time_, log_time);
  if (role_ == role::follower && sole_voter())
    campaign(); // nobody else could win, so there is nothing to wait for
  check();
}

refused core::admits(term_t expected, std::size_t bytes) const {
  if (role_ != role::leader)
    return refused::not_leader;
  if (expected != hs_.term)
    return refused::stale_term;
  if (!ready_)
    return refused::not_ready;
  auto held = log_.unapplied_bytes();
  if (held > 0 && held + bytes > config_.limits.unapplied_bytes_max)
    return refused::too_much;
  return refused::no;
}

proposed core::propose(term_t expected, std::span<shared_bytes> commands) {
  JINDOU_ASSERT(!commands.empty());
  std::size_t bytes = 0;
  for (const auto& x : commands)
    bytes += x.size();
  if (auto why = admits(expected, bytes); why != refused::no)
    return {why};
  auto first = log_.last() + 1;
  for (auto& x : commands) {
    auto h = record::peek(x.span());
    JINDOU_ASSERT(h.group == config_.group);                         // A9
    JINDOU_ASSERT(h.term == hs_.term && h.index == log_.last() + 1); // A6
    JINDOU_ASSERT(h.log_time >= log_time_);
    log_time_ = h.log_time;
    append({h.index, h.term, entry_kind::command, std::move(x)});
  }
  check();
  return {refused::no, first, log_.last()};
}

void core::persisted(std::uint64_t job) {
  JINDOU_ASSERT(job <= taken_job_);    // nobody finishes what he never got
  JINDOU_ASSERT(job > persisted_job_); // H1: in order, once
  persisted_job_ = job;
  log_.finished(job);
  if (role_ == role::candidate && job >= vote_job_)
    lead(); // the only vote that it needs is durable
  advance_commit();
  check();
}

void core::applied(log_index index) {
  JINDOU_ASSERT(index >= applied_ && index <= ordered_); // H3
  applied_ = index;
  log_.applied(index);
  if (role_ == role::leader && !ready_ && applied_ >= noop_) {
    ready_ = true;
    events_.push_back({event::what::ready, hs_.term});
  }
  check();
}

// -- output -------------------------------------------------------------------

output core::take() {
  output out;
  if (open_) {
    taken_job_ = open_->job;
    out.persist.push_back(std::move(*open_));
    open_.reset();
    open_bytes_ = 0;
  }
  // W2: never above what is durable here, whatever others have committed.
  auto upto = std::min(commit_, log_.durable());
  if (upto > ordered_) {
    out.apply = {ordered_ + 1, upto};
    ordered_ = upto;
  }
  out.events = std::exchange(events_, {});
  return out;
}

view core::inspect() const {
  view v;
  v.role = role_;
  v.term = hs_.term;
  v.vote = hs_.vote;
  v.leader = role_ == role::leader ? config_.self : 0;
  v.ready = ready_;
  v.snapshot = log_.snapshot_index();
  v.applied = applied_;
  v.commit = commit_;
  v.durable = log_.durable();
  v.last = log_.last();
  v.unapplied_bytes = log_.unapplied_bytes();
  v.open_entries = open_ ? open_->append.size() : 0;
  v.open_bytes = open_bytes_;
  return v;
}

// -- election -----------------------------------------------------------------

bool core::sole_voter() const {
  auto others = std::any_of(
    members_.all.begin(), members_.all.end(), [this](const member& m) {
      return m.role == member_role::voter && m.id != config_.self;
    });
  auto self = std::any_of(
    members_.all.begin(), members_.all.end(), [this](const member& m) {
      return m.role == member_role::voter && m.id == config_.self;
    });
  return self && !others; // A8: only a member campaigns
}

void core::campaign() {
  role_ = role::candidate;
  adopt({hs_.term + 1, config_.self});
  auto& job = open_job();
  job.vote = hs_;
  vote_job_ = job.job;
}

void core::lead() {
  role_ = role::leader;
  events_.push_back({event::what::leading, hs_.term});
  record::head h;
  h.group = config_.group;
  h.kind = record::kind::noop;
  h.index = log_.last() + 1;
  h.term = hs_.term;
  h.log_time = log_time_;
  byte_vector bytes(record::head_bytes);
  record::stamp(bytes, h);
  noop_ = h.index;
  append({h.index, h.term, entry_kind::noop, shared_bytes{std::move(bytes)}});
}

// -- the log ------------------------------------------------------------------

void core::append(entry x) {
  JINDOU_ASSERT(role_ == role::leader && x.term == hs_.term); // A6
  JINDOU_ASSERT(ready_ || x.kind == entry_kind::noop);        // A10
  auto& job = open_job();
  open_bytes_ += x.bytes.size();
  job.append.push_back(x);
  log_.append(std::move(x), job.job);
}

void core::advance_commit() {
  if (role_ != role::leader)
    return;
  auto match = log_.durable(); // a quorum of one: this replica
  if (match <= commit_ || log_.term_at(match) != hs_.term)
    return; // A4: older entries commit only below one of this term
  commit_ = match;
}

void core::adopt(hard_state hs) {
  JINDOU_ASSERT(hs.term >= hs_.term);                       // A3
  JINDOU_ASSERT(hs.term > hs_.term || hs.vote == hs_.vote); // A3
  hs_ = hs;
}

log_job& core::open_job() {
  if (!open_) {
    open_.emplace();
    open_->group = config_.group;
    open_->job = next_job_++;
  }
  return *open_;
}

void core::check() const {
  JINDOU_ASSERT(log_.snapshot_index() <= applied_);           // A1
  JINDOU_ASSERT(applied_ <= ordered_ && ordered_ <= commit_); // A1
  JINDOU_ASSERT(commit_ <= log_.last());                      // A1
  JINDOU_ASSERT(applied_ <= log_.durable());                  // A1, W2
  JINDOU_ASSERT(hs_.term >= log_.last_term());
  JINDOU_ASSERT(!ready_ || (role_ == role::leader && applied_ >= noop_)); // A10
}

} // namespace jindou::raft
