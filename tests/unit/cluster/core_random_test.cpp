#include "cluster/raft/core.hpp"
#include "tests/unit/cluster/core_world.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <optional>
#include <random>

namespace jindou::raft {

namespace {

/// One replica, its disk and its applier under a random schedule: jobs finish
/// late, cuts happen at any time, and the process dies between any two steps.
class world {
public:
  explicit world(std::uint64_t seed) : rng_(seed) {
    start();
  }

  void step() {
    switch (rng_() % 100) {
    case 0:
      return restart();
    case 1:
    case 2:
      return disk_.cut(applied_);
    default:
      break;
    }
    switch (rng_() % 5) {
    case 0:
      return core_->tick(++now_);
    case 1:
    case 2:
      return propose();
    case 3:
      return finish_a_job();
    default:
      return apply_a_range();
    }
  }

  /// Lets everything that is under way end.
  void heal() {
    for (int i = 0; i < 20; ++i) {
      core_->tick(++now_);
      take();
      while (!jobs_.empty())
        finish_a_job();
      while (!ranges_.empty())
        apply_a_range();
    }
    propose();
    EXPECT_TRUE(core_->inspect().ready);
  }

  std::size_t acknowledged() const {
    return acknowledged_.size();
  }

  std::size_t restarts = 0;

private:
  void start() {
    core_.emplace(config{1, 7, {1 << 14, 1 << 10}}, disk_.state(),
                  disk_.tail());
    applied_ = disk_.state().applied;
  }

  /// Dies. What the disk has not executed is gone, and what it was told may be
  /// executed in part: a prefix of the jobs.
  void restart() {
    take();
    for (auto n = jobs_.empty() ? 0 : rng_() % (jobs_.size() + 1); n > 0; --n) {
      disk_.execute(jobs_.front());
      jobs_.pop_front();
    }
    jobs_.clear();
    ranges_.clear();
    proposed_.clear();
    ++restarts;
    for (const auto& [index, term] : acknowledged_) {
      ASSERT_LE(index, disk_.state().last);
      ASSERT_EQ(disk_.entries()[index - 2].term, term);
    }
    start();
  }

  void propose() {
    auto term = core_->term();
    auto index = core_->last() + 1;
    auto bytes = test::stamped(1, index, term, std::string(rng_() % 300, 'x'),
                               std::max(now_, core_->log_time()));
    auto got = core_->propose(term, std::span{&bytes, 1});
    if (got.why == refused::no)
      proposed_[index] = term;
    take();
  }

  void take() {
    auto out = core_->take();
    for (auto& job : out.persist)
      jobs_.push_back(std::move(job));
    if (out.apply.first != 0) {
      ASSERT_EQ(out.apply.first, handed_out() + 1);
      ranges_.push_back(out.apply);
    }
  }

  log_index handed_out() const {
    return ranges_.empty() ? applied_ : ranges_.back().last;
  }

  void finish_a_job() {
    take();
    if (jobs_.empty())
      return;
    auto job = std::move(jobs_.front());
    jobs_.pop_front();
    disk_.execute(job);
    if (rng_() % 4 != 0 || jobs_.empty())
      core_->persisted(job.job);
    else { // two jobs in one flush: one word for both
      disk_.execute(jobs_.front());
      core_->persisted(jobs_.front().job);
      jobs_.pop_front();
    }
    take();
  }

  void apply_a_range() {
    take();
    if (ranges_.empty())
      return;
    auto range = ranges_.front();
    ASSERT_LE(range.last, disk_.state().last); // W2
    for (auto i = range.first; i <= range.last; ++i) {
      ASSERT_EQ(core_->entry_at(i).index, i);
      auto mine = proposed_.find(i);
      if (mine != proposed_.end())
        acknowledged_[i] = mine->second;
    }
    ranges_.pop_front();
    applied_ = range.last;
    core_->applied(range.last);
    take();
  }

  std::mt19937_64 rng_;
  test::model_disk disk_{test::first_mark(1)};
  std::optional<core> core_;
  std::deque<log_job> jobs_;
  std::deque<apply_range> ranges_;
  std::map<log_index, term_t> proposed_;
  std::map<log_index, term_t> acknowledged_;
  log_index applied_ = 0;
  std::uint64_t now_ = 0;
};

} // namespace

TEST(core_random_test, loses_nothing_acknowledged_whenever_it_dies) {
  std::size_t acknowledged = 0, restarts = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    world w{seed};
    for (int i = 0; i < 1000 && !HasFatalFailure(); ++i)
      w.step();
    w.heal();
    acknowledged += w.acknowledged();
    restarts += w.restarts;
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(acknowledged, 3'000u); // the schedule gets somewhere
  EXPECT_GT(restarts, 300u);
}

} // namespace jindou::raft
