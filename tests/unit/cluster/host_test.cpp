#include "cluster/host.hpp"
#include "messages/record.hpp"
#include "tests/unit/cluster/host_world.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace jindou::cluster {

namespace {

using test::body_of;
using test::proposal;

class host_test : public ::testing::Test {
protected:
  host aut = make({});
  test::model_writer writer;
  std::uint64_t now = 1000;

  static host make(host_limits limits) {
    std::vector<restored_group> groups;
    for (group_id g : {0u, 1u, 2u})
      groups.push_back({test::first_mark(g), {}});
    return host{limits, std::move(groups)};
  }

  /// Executes and applies everything until nothing happens any more; returns
  /// the orders that were applied.
  std::vector<std::shared_ptr<apply_order>> settle(host& x) {
    std::vector<std::shared_ptr<apply_order>> res;
    for (keep(x.take()); !writes.empty() || !applies.empty(); keep(x.take())) {
      for (const auto& batch : std::exchange(writes, {}))
        x.flushed(writer.execute(batch));
      for (auto& order : std::exchange(applies, {})) {
        x.applied(order->group, order->first + order->items.size() - 1);
        res.push_back(std::move(order));
      }
    }
    return res;
  }

  void keep(host::output out) {
    answers.insert(answers.end(), out.answers.begin(), out.answers.end());
    for (auto& x : out.write)
      writes.push_back(std::move(x));
    for (auto& x : out.apply)
      applies.push_back(std::move(x));
  }

  void make_ready(host& x) {
    x.tick(now);
    settle(x);
    ASSERT_EQ(x.ready_groups(), 3u);
  }

  void propose(host& x, propose_ptr what) {
    x.enqueue(std::move(what));
    x.flush(now);
  }

  errc last_answer(host& x) {
    keep(x.take());
    return answers.empty() ? errc::none : answers.back().what->error;
  }

  std::vector<host::answer> answers;
  std::vector<log_batch> writes;
  std::vector<std::shared_ptr<apply_order>> applies;
};

} // namespace

TEST_F(host_test, refuses_proposals_while_the_store_takes_nothing_new) {
  make_ready(aut);
  aut.room(false);
  EXPECT_TRUE(aut.store_full());
  propose(aut, proposal(1, 1, {"a"}));
  EXPECT_EQ(last_answer(aut), errc::unavailable);
  EXPECT_TRUE(writes.empty());
  aut.room(true);
  propose(aut, proposal(1, 2, {"a"}));
  EXPECT_EQ(settle(aut).size(), 1u);
}

TEST_F(host_test, becomes_ready_while_the_store_takes_nothing_new) {
  aut.room(false);
  make_ready(aut); // votes and the no-ops of a term are written
}

TEST_F(host_test, refuses_proposals_for_a_damaged_group_alone) {
  make_ready(aut);
  propose(aut, proposal(1, 1, {"never applied"}));
  aut.set_aside(1);
  aut.set_aside(1);
  EXPECT_EQ(aut.ready_groups(), 2u);
  EXPECT_EQ(aut.aside_groups(), 1u);
  EXPECT_EQ(aut.unapplied_entries(), 0u) << "would hold back the others";
  propose(aut, proposal(1, 2, {"a"}));
  EXPECT_EQ(last_answer(aut), errc::unavailable);
  propose(aut, proposal(2, 3, {"b"}));
  EXPECT_EQ(settle(aut).size(), 2u);
}

TEST_F(host_test, counts_a_group_that_is_damaged_before_it_is_ready) {
  aut.set_aside(0);
  aut.tick(now);
  settle(aut);
  EXPECT_EQ(aut.ready_groups(), 2u);
  EXPECT_EQ(aut.aside_groups(), 1u);
}

TEST_F(host_test, makes_all_groups_ready_with_three_flushes) {
  aut.tick(now);
  auto votes = aut.take();
  ASSERT_EQ(votes.write.size(), 1u); // the votes of all groups, one fsync
  EXPECT_EQ(votes.write[0].jobs.size(), 3u);
  aut.flushed(writer.execute(votes.write[0]));
  auto noops = aut.take();
  ASSERT_EQ(noops.write.size(), 1u);
  EXPECT_EQ(noops.write[0].entries, 3u);
  aut.flushed(writer.execute(noops.write[0]));
  settle(aut);
  EXPECT_EQ(aut.ready_groups(), 3u);
  EXPECT_EQ(aut.unapplied_entries(), 0u);
  EXPECT_TRUE(aut.idle());
}

TEST_F(host_test, stamps_group_place_time_and_crc) {
  make_ready(aut);
  now = 5000;
  propose(aut, proposal(1, 9, {"one", "two"}));
  auto orders = settle(aut);
  ASSERT_EQ(orders.size(), 1u);
  ASSERT_EQ(orders[0]->items.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    auto head = record::read(orders[0]->items[i].record.span());
    ASSERT_TRUE(head); // the crc is right
    EXPECT_EQ(head->group, 1u);
    EXPECT_EQ(head->kind, record::kind::command);
    EXPECT_EQ(head->op, 1u);
    EXPECT_EQ(head->index, 3 + i);
    EXPECT_EQ(head->term, 2u);
    EXPECT_EQ(head->log_time, 5000u);
  }
  EXPECT_EQ(body_of(orders[0]->items[0].record), "one");
  EXPECT_EQ(body_of(orders[0]->items[1].record), "two");
}

TEST_F(host_test, never_stamps_a_time_before_the_last_one_of_the_group) {
  make_ready(aut);
  now = 5000;
  propose(aut, proposal(1, 1, {"a"}));
  now = 4000; // the clock steps back
  propose(aut, proposal(1, 2, {"b"}));
  propose(aut, proposal(2, 3, {"c"}));
  auto orders = settle(aut);
  std::vector<std::uint64_t> times;
  for (const auto& o : orders)
    for (const auto& x : o->items)
      times.push_back(record::peek(x.record.span()).log_time);
  EXPECT_EQ(times, (std::vector<std::uint64_t>{5000, 5000, 4000}));
}

TEST_F(host_test, clamps_to_the_last_time_before_a_restart) {
  auto from = test::first_mark(1);
  from.log_time = 9000;
  std::vector<restored_group> groups;
  groups.push_back({from, {}});
  host again{{}, std::move(groups)};
  again.tick(now);
  auto orders = settle(again);
  ASSERT_EQ(orders.size(), 1u);
  EXPECT_EQ(record::peek(orders[0]->items[0].record.span()).log_time, 9000u);
}

TEST_F(host_test,
       tells_the_applier_whose_commands_they_are_and_where_they_lie) {
  make_ready(aut);
  aut.enqueue(proposal(1, 11, {"a", "b"}));
  aut.enqueue(proposal(2, 12, {"c"}));
  aut.enqueue(proposal(1, 13, {"d"}));
  aut.flush(now);
  auto out = aut.take();
  ASSERT_EQ(out.write.size(), 1u);
  EXPECT_EQ(out.write[0].jobs.size(), 2u);
  EXPECT_EQ(out.proposals, 4u);
  auto placed = writer.execute(out.write[0]);
  aut.flushed(placed);
  auto orders = aut.take().apply;
  ASSERT_EQ(orders.size(), 2u);
  const auto& one = *orders[0];
  EXPECT_EQ(one.group, 1u);
  EXPECT_EQ(one.first, 3u);
  ASSERT_EQ(one.origins.size(), 2u);
  EXPECT_EQ(one.origins[0].request, 11u);
  EXPECT_EQ(one.origins[0].first, 0u);
  EXPECT_EQ(one.origins[0].count, 2u);
  EXPECT_EQ(one.origins[1].request, 13u);
  EXPECT_EQ(one.origins[1].first, 2u);
  EXPECT_EQ(one.items[2].pos, placed.placed[0].first + 2);
  EXPECT_EQ(orders[1]->items[0].pos, placed.placed[1].first);
}

TEST_F(host_test, applies_the_tail_with_its_old_positions_and_without_origins) {
  auto from = test::first_mark(1);
  from.hs = {4, 7};
  from.last = 3;
  from.terms = {{1, 1}, {2, 4}};
  std::vector<restored_group> groups;
  groups.push_back(
    {from,
     {{{2, 4, raft::entry_kind::command, test::stamped(1, 2, 4)}, 51},
      {{3, 4, raft::entry_kind::command, test::stamped(1, 3, 4)}, 60}}});
  host again{{}, std::move(groups)};
  EXPECT_EQ(again.unapplied_entries(), 2u);
  again.tick(now);
  auto orders = settle(again);
  ASSERT_EQ(orders.size(), 1u);
  EXPECT_EQ(orders[0]->first, 2u);
  ASSERT_EQ(orders[0]->items.size(), 3u); // and the no-op
  EXPECT_EQ(orders[0]->items[0].pos, 51u);
  EXPECT_EQ(orders[0]->items[1].pos, 60u);
  EXPECT_TRUE(orders[0]->origins.empty());
  EXPECT_EQ(again.unapplied_entries(), 0u);
}

TEST_F(host_test, refuses_while_no_group_is_ready) {
  propose(aut, proposal(1, 5, {"a"}));
  EXPECT_EQ(last_answer(aut), errc::unavailable);
  EXPECT_EQ(answers.back().what->request, 5u);
  aut.tick(now);
  propose(aut, proposal(1, 6, {"a"}));
  EXPECT_EQ(last_answer(aut), errc::unavailable);
}

TEST_F(host_test, refuses_groups_that_are_not_here) {
  make_ready(aut);
  propose(aut, proposal(77, 5, {"a"}));
  EXPECT_EQ(last_answer(aut), errc::not_leader);
}

TEST_F(host_test, refuses_blocks_that_are_no_records) {
  make_ready(aut);
  auto empty = proposal(1, 1, {});
  propose(aut, empty);
  EXPECT_EQ(last_answer(aut), errc::invalid_argument);
  auto beyond = proposal(1, 2, {"a"});
  beyond->ends[0] += 1;
  propose(aut, beyond);
  EXPECT_EQ(last_answer(aut), errc::invalid_argument);
  auto headless = proposal(1, 3, {"a", "b"});
  headless->ends[0] = 39;
  propose(aut, headless);
  EXPECT_EQ(last_answer(aut), errc::invalid_argument);
  auto none = proposal(1, 4, {"a"});
  none->block = nullptr;
  propose(aut, none);
  EXPECT_EQ(last_answer(aut), errc::invalid_argument);
  auto big = std::string(limits::command_bytes_max, 'x');
  propose(aut, proposal(1, 5, {big}));
  EXPECT_EQ(last_answer(aut), errc::too_large);
  EXPECT_EQ(answers.size(), 5u);
  EXPECT_TRUE(aut.idle());
}

TEST_F(host_test, keeps_two_flushes_under_way_and_collects_meanwhile) {
  make_ready(aut);
  std::vector<log_batch> under_way;
  for (std::uint64_t i = 0; i < 5; ++i) {
    propose(aut, proposal(1, i, {"a"}));
    auto out = aut.take();
    for (auto& x : out.write)
      under_way.push_back(std::move(x));
  }
  ASSERT_EQ(under_way.size(), 2u);
  aut.flushed(writer.execute(under_way[0]));
  auto next = aut.take();
  ASSERT_EQ(next.write.size(), 1u);
  EXPECT_EQ(next.write[0].entries, 3u);
}

TEST_F(host_test, splits_what_waits_into_flushes_of_limited_size) {
  host_limits limits;
  limits.flush.entries_max = 4;
  limits.round_entries_max = 2;
  auto small = make(limits);
  make_ready(small);
  for (std::uint64_t i = 0; i < 10; ++i)
    small.enqueue(proposal(1 + i % 2, i, {"a"}));
  small.flush(now);
  auto out = small.take();
  ASSERT_EQ(out.write.size(), 2u);
  EXPECT_EQ(out.write[0].entries, 4u);
  EXPECT_EQ(out.write[1].entries, 4u);
}

TEST_F(host_test, refuses_as_busy_what_it_cannot_keep) {
  host_limits limits;
  limits.unapplied_entries_max = 3;
  auto small = make(limits);
  make_ready(small);
  propose(small, proposal(1, 1, {"a", "b"}));
  propose(small, proposal(2, 2, {"c", "d"}));
  EXPECT_EQ(last_answer(small), errc::busy);
  EXPECT_EQ(answers.back().what->request, 2u);
  settle(small);
  propose(small, proposal(2, 3, {"c", "d"}));
  EXPECT_EQ(settle(small).size(), 1u);
  EXPECT_EQ(answers.size(), 1u);
}

TEST_F(host_test, refuses_as_busy_by_bytes_too) {
  host_limits limits;
  limits.unapplied_bytes_max = 150;
  auto small = make(limits);
  make_ready(small);
  propose(small, proposal(1, 1, {std::string(80, 'x')}));
  propose(small, proposal(1, 2, {std::string(80, 'x')}));
  EXPECT_EQ(last_answer(small), errc::busy);
}

TEST_F(host_test, hands_the_same_jobs_over_again_after_a_full_disk) {
  make_ready(aut);
  propose(aut, proposal(1, 1, {"a"}));
  propose(aut, proposal(1, 2, {"b"}));
  auto first = aut.take().write;
  ASSERT_EQ(first.size(), 2u);
  aut.flushed(test::disk_full());
  aut.flushed(test::disk_full());
  EXPECT_TRUE(aut.store_full());
  propose(aut, proposal(2, 3, {"c"}));
  EXPECT_EQ(last_answer(aut), errc::unavailable);
  for (int i = 0; i < 11; ++i)
    aut.tick(now);
  auto again = aut.take().write;
  ASSERT_EQ(again.size(), 1u); // one at a time while nobody knows
  EXPECT_EQ(again[0].jobs[0].job, first[0].jobs[0].job);
  EXPECT_EQ(again[0].jobs[0].append[0].index, 3u);
  EXPECT_EQ(again[0].bytes, first[0].bytes);
  aut.flushed(writer.execute(again[0]));
  auto orders = settle(aut); // the second follows at once
  EXPECT_FALSE(aut.store_full());
  ASSERT_EQ(orders.size(), 2u);
  EXPECT_EQ(orders[0]->origins[0].request, 1u);
  EXPECT_EQ(orders[1]->origins[0].request, 2u);
  EXPECT_EQ(answers.size(), 1u);
  propose(aut, proposal(2, 4, {"c"}));
  EXPECT_EQ(settle(aut).size(), 1u);
}

TEST_F(host_test, stays_full_while_the_attempts_fail_and_loses_no_vote) {
  aut.tick(now);
  auto votes = aut.take().write;
  ASSERT_EQ(votes.size(), 1u);
  aut.flushed(test::disk_full());
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 11; ++i)
      aut.tick(now);
    auto again = aut.take().write;
    ASSERT_EQ(again.size(), 1u);
    EXPECT_EQ(again[0].jobs[0].vote, votes[0].jobs[0].vote);
    if (round < 2)
      aut.flushed(test::disk_full());
    else
      aut.flushed(writer.execute(again[0]));
    EXPECT_EQ(aut.store_full(), round < 2);
  }
  settle(aut);
  EXPECT_EQ(aut.ready_groups(), 3u);
}

TEST_F(host_test, stops_if_a_later_job_passes_one_that_failed) {
  make_ready(aut);
  propose(aut, proposal(1, 1, {"a"}));
  propose(aut, proposal(1, 2, {"b"}));
  auto both = aut.take().write;
  aut.flushed(test::disk_full());
  EXPECT_DEATH(aut.flushed(writer.execute(both[1])), "persisted_job");
}

TEST_F(host_test, answers_everything_when_it_is_given_up) {
  make_ready(aut);
  propose(aut, proposal(1, 1, {"a"}));
  aut.enqueue(proposal(1, 2, {"b"}));
  EXPECT_FALSE(aut.idle());
  aut.abandon();
  aut.enqueue(proposal(1, 3, {"c"}));
  aut.flush(now);
  keep(aut.take());
  ASSERT_EQ(answers.size(), 3u);
  EXPECT_EQ(answers[0].what->request, 2u);
  EXPECT_EQ(answers[0].what->error, errc::stopping);
  EXPECT_EQ(answers[1].what->request, 1u);
  EXPECT_EQ(answers[1].what->error, errc::unknown); // it is in the log
  EXPECT_EQ(answers[2].what->request, 3u);
  EXPECT_EQ(answers[2].what->error, errc::stopping);
}

TEST_F(host_test, finishes_what_is_under_way_after_it_was_closed) {
  make_ready(aut);
  propose(aut, proposal(1, 1, {"a"}));
  aut.close();
  EXPECT_FALSE(aut.idle());
  EXPECT_EQ(settle(aut).size(), 1u);
  EXPECT_TRUE(aut.idle());
  EXPECT_TRUE(answers.empty());
}

TEST_F(host_test, describes_itself) {
  make_ready(aut);
  auto text = aut.describe();
  EXPECT_NE(text.find("ready 3\n"), std::string::npos);
  EXPECT_NE(text.find("group.2.term 2\n"), std::string::npos);
}

} // namespace jindou::cluster
