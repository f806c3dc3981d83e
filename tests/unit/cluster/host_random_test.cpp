#include "cluster/host.hpp"
#include "messages/record.hpp"
#include "tests/unit/cluster/host_world.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>

namespace jindou::cluster {

namespace {

constexpr group_id groups = 4;

/// A whole node in small: the host, a disk that is full at times, an applier,
/// proposers, and a process that dies between any two steps.
class world {
public:
  explicit world(std::uint64_t seed) : rng_(seed) {
    for (group_id g = 0; g < groups; ++g)
      disks_.emplace_back(test::first_mark(g));
    places_.resize(groups);
    start();
  }

  void step() {
    switch (rng_() % 200) {
    case 0:
      return die();
    case 1:
      full_ = !full_;
      return;
    default:
      break;
    }
    switch (rng_() % 6) {
    case 0:
      host_->tick(now_ += rng_() % 3);
      return take();
    case 1:
    case 2:
      return propose();
    case 3:
    case 4:
      return write();
    default:
      return apply();
    }
  }

  /// Ends what is under way; then everybody has been answered, exactly once.
  void heal() {
    full_ = false;
    for (int i = 0; i < 100; ++i) {
      host_->tick(++now_);
      host_->flush(now_);
      take();
      while (!orders_.empty())
        write();
      while (!applies_.empty())
        apply();
    }
    EXPECT_TRUE(host_->idle());
    EXPECT_EQ(host_->ready_groups(), groups);
    EXPECT_EQ(host_->unapplied_entries(), 0u);
    EXPECT_TRUE(waiting_.empty());
  }

  std::size_t applied = 0, refused = 0, deaths = 0, full_disks = 0;

private:
  void start() {
    std::vector<restored_group> from;
    for (group_id g = 0; g < groups; ++g) {
      restored_group x{disks_[g].state(), {}};
      for (auto& e : disks_[g].tail())
        x.tail.push_back({e, places_[g][e.index]});
      from.push_back(std::move(x));
      applied_[g] = disks_[g].state().applied;
    }
    host_limits limits;
    limits.flush.entries_max = 16;
    limits.round_entries_max = 6;
    limits.unapplied_entries_max = 60;
    limits.retry_ticks = 2;
    host_.emplace(limits, std::move(from));
  }

  void die() {
    orders_.clear();
    applies_.clear();
    waiting_.clear();
    ++deaths;
    for (auto& disk : disks_)
      if (rng_() % 2 == 0)
        disk.cut(applied_[disk.state().group]);
    // Whatever was acknowledged is on the disk, in its place.
    for (const auto& [where, body] : acknowledged_) {
      const auto& disk = disks_[where.first];
      ASSERT_LE(where.second, disk.state().last);
      ASSERT_EQ(test::body_of(disk.entries()[where.second - 2].bytes), body);
    }
    start();
  }

  void propose() {
    std::vector<std::string> bodies;
    for (auto n = 1 + rng_() % 4; n > 0; --n)
      bodies.push_back("b" + std::to_string(++bodies_));
    auto group = static_cast<group_id>(rng_() % groups);
    auto request = ++requests_;
    waiting_[request] = bodies;
    host_->enqueue(test::proposal(group, request, bodies));
    if (rng_() % 3 != 0)
      host_->flush(now_ -= rng_() % 2); // the wall clock steps back at times
    take();
  }

  void take() {
    auto out = host_->take();
    for (auto& x : out.write) {
      ASSERT_LE(x.entries, 16u);
      orders_.push_back(std::move(x));
    }
    ASSERT_LE(orders_.size(), 2u);
    for (auto& x : out.apply)
      applies_.push_back(std::move(x));
    for (const auto& x : out.answers) {
      ASSERT_EQ(waiting_.erase(x.what->request), 1u);
      ASSERT_NE(x.what->error, errc::none);
      ++refused;
    }
  }

  /// What the log writer promises: all or nothing, and no job before its turn.
  bool accepts(const log_batch& batch) const {
    auto expected = jobs_done_;
    for (const auto& job : batch.jobs)
      if (job.job != ++expected[job.group])
        return false;
    return true;
  }

  void write() {
    if (orders_.empty())
      return;
    auto batch = std::move(orders_.front());
    orders_.pop_front();
    if (host_fresh_ != deaths) {
      jobs_done_.clear();
      host_fresh_ = deaths;
    }
    if (full_ || !accepts(batch)) {
      host_->flushed(test::disk_full());
      ++full_disks;
      return take();
    }
    auto result = writer_.execute(batch);
    for (const auto& job : batch.jobs) {
      disks_[job.group].execute(job);
      jobs_done_[job.group] = job.job;
    }
    for (const auto& run : result.placed)
      for (std::uint32_t i = 0; i < run.count; ++i)
        places_[run.group][run.first_index + i] = run.first + i;
    if (rng_() % 50 == 0)
      return die(); // durable, but nobody hears of it
    host_->flushed(result);
    take();
  }

  void apply() {
    if (applies_.empty())
      return;
    auto order = std::move(applies_.front());
    applies_.pop_front();
    auto g = order->group;
    ASSERT_EQ(order->first, applied_[g] + 1);
    for (const auto& item : order->items) {
      auto index = ++applied_[g];
      ASSERT_LE(index, disks_[g].state().last); // W2
      ASSERT_EQ(item.pos, places_[g][index]);
      ASSERT_EQ(record::read(item.record.span())->index, index);
      ++applied;
    }
    for (const auto& who : order->origins)
      answer(*order, who);
    host_->applied(g, applied_[g]);
    take();
  }

  void answer(const apply_order& order, const apply_order::origin& who) {
    auto i = waiting_.find(who.request);
    ASSERT_NE(i, waiting_.end());
    ASSERT_EQ(i->second.size(), who.count);
    for (std::uint32_t k = 0; k < who.count; ++k) {
      auto body = test::body_of(order.items[who.first + k].record);
      ASSERT_EQ(body, i->second[k]);
      acknowledged_[{order.group, order.first + who.first + k}] = body;
    }
    waiting_.erase(i);
  }

  std::mt19937_64 rng_;
  std::optional<host> host_;
  std::vector<test::model_disk> disks_;
  std::vector<std::map<raft::log_index, position>> places_;
  test::model_writer writer_;
  std::map<group_id, std::uint64_t> jobs_done_;
  std::map<group_id, raft::log_index> applied_;
  std::deque<log_batch> orders_;
  std::deque<std::shared_ptr<apply_order>> applies_;
  std::map<std::uint64_t, std::vector<std::string>> waiting_;
  std::map<std::pair<group_id, raft::log_index>, std::string> acknowledged_;
  std::uint64_t now_ = 1'000'000, requests_ = 0, bodies_ = 0;
  std::size_t host_fresh_ = 0;
  bool full_ = false;
};

} // namespace

TEST(host_random_test, answers_once_and_loses_nothing_whatever_fails) {
  std::size_t applied = 0, refused = 0, deaths = 0, full_disks = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    world w{seed};
    for (int i = 0; i < 2000 && !HasFatalFailure(); ++i)
      w.step();
    w.heal();
    ASSERT_FALSE(HasFailure());
    applied += w.applied;
    refused += w.refused;
    deaths += w.deaths;
    full_disks += w.full_disks;
  }
  EXPECT_GT(applied, 8'000u); // the schedule reaches everything
  EXPECT_GT(refused, 400u);
  EXPECT_GT(deaths, 200u);
  EXPECT_GT(full_disks, 40u);
}

} // namespace jindou::cluster
