#include "cluster/raft/core.hpp"
#include "tests/unit/cluster/core_world.hpp"

#include <gtest/gtest.h>

#include <string>

namespace jindou::raft {

namespace {

using test::first_mark;
using test::stamped;

constexpr group_id group = 3;

class core_test : public ::testing::Test {
protected:
  core aut{{group, 7, {}}, first_mark(group), {}};

  /// Finishes all jobs and applies what may be applied, until nothing is left.
  void settle(core& x) {
    for (;;) {
      auto out = x.take();
      if (out.persist.empty() && out.apply.first == 0)
        return;
      for (const auto& job : out.persist)
        x.persisted(job.job);
      if (out.apply.first != 0)
        x.applied(out.apply.last);
    }
  }

  void make_ready() {
    aut.tick(100);
    settle(aut);
    ASSERT_TRUE(aut.inspect().ready);
  }

  proposed propose(std::string_view body = "x", std::uint64_t time = 200) {
    auto bytes = stamped(group, aut.last() + 1, aut.term(), body, time);
    return aut.propose(aut.term(), std::span{&bytes, 1});
  }
};

} // namespace

TEST_F(core_test, leads_only_after_its_own_vote_is_durable) {
  aut.tick(100);
  EXPECT_EQ(aut.inspect().role, role::candidate);
  auto out = aut.take();
  ASSERT_EQ(out.persist.size(), 1u);
  EXPECT_EQ(out.persist[0].vote, (hard_state{2, 7}));
  EXPECT_TRUE(out.persist[0].append.empty());
  EXPECT_TRUE(out.events.empty());
  aut.tick(150); // waits, does not campaign again
  EXPECT_EQ(aut.inspect().term, 2u);
  aut.persisted(out.persist[0].job);
  EXPECT_EQ(aut.inspect().role, role::leader);
  EXPECT_FALSE(aut.inspect().ready);
}

TEST_F(core_test, is_ready_when_the_noop_is_committed_and_applied) {
  aut.tick(100);
  aut.persisted(aut.take().persist[0].job);
  auto out = aut.take();
  ASSERT_EQ(out.events.size(), 1u);
  EXPECT_EQ(out.events[0].what, event::what::leading);
  ASSERT_EQ(out.persist.size(), 1u);
  ASSERT_EQ(out.persist[0].append.size(), 1u);
  const auto& noop = out.persist[0].append[0];
  EXPECT_EQ(noop.index, 2u);
  EXPECT_EQ(noop.kind, entry_kind::noop);
  EXPECT_EQ(out.apply.first, 0u); // not durable yet
  aut.persisted(out.persist[0].job);
  EXPECT_FALSE(aut.inspect().ready);
  out = aut.take();
  EXPECT_EQ(out.apply.first, 2u);
  EXPECT_EQ(out.apply.last, 2u);
  EXPECT_EQ(aut.admits(2, 1), refused::not_ready);
  aut.applied(2);
  EXPECT_TRUE(aut.inspect().ready);
  out = aut.take();
  ASSERT_EQ(out.events.size(), 1u);
  EXPECT_EQ(out.events[0].what, event::what::ready);
  EXPECT_EQ(out.events[0].term, 2u);
}

TEST_F(core_test, stamps_the_noop_with_the_time_of_the_tick) {
  aut.tick(1234);
  aut.persisted(aut.take().persist[0].job);
  auto job = aut.take().persist[0];
  auto head = record::read(job.append[0].bytes.span());
  ASSERT_TRUE(head);
  EXPECT_EQ(head->group, group);
  EXPECT_EQ(head->index, 2u);
  EXPECT_EQ(head->term, 2u);
  EXPECT_EQ(head->kind, record::kind::noop);
  EXPECT_EQ(head->log_time, 1234u);
}

TEST_F(core_test, refuses_until_ready_and_terms_that_are_not_its_own) {
  auto bytes = stamped(group, 2, 1);
  EXPECT_EQ(aut.propose(1, std::span{&bytes, 1}).why, refused::not_leader);
  make_ready();
  EXPECT_EQ(aut.admits(1, 1), refused::stale_term);
  EXPECT_EQ(aut.admits(3, 1), refused::stale_term);
  EXPECT_EQ(aut.admits(2, 1), refused::no);
}

TEST_F(core_test, gives_commands_of_one_proposal_consecutive_places) {
  make_ready();
  std::vector<shared_bytes> three;
  for (log_index i = 3; i <= 5; ++i)
    three.push_back(stamped(group, i, 2, "x", 200));
  auto got = aut.propose(2, three);
  EXPECT_EQ(got.why, refused::no);
  EXPECT_EQ(got.first, 3u);
  EXPECT_EQ(got.last, 5u);
  auto out = aut.take();
  ASSERT_EQ(out.persist.size(), 1u);
  EXPECT_EQ(out.persist[0].append.size(), 3u);
  EXPECT_EQ(out.persist[0].append[2].index, 5u);
}

TEST_F(core_test, commits_and_applies_nothing_that_is_not_durable) {
  make_ready();
  propose();
  auto first = aut.take().persist[0].job;
  propose();
  auto second = aut.take().persist[0].job;
  EXPECT_EQ(second, first + 1);
  EXPECT_EQ(aut.inspect().commit, 2u);
  EXPECT_EQ(aut.take().apply.first, 0u);
  aut.persisted(first);
  EXPECT_EQ(aut.inspect().commit, 3u);
  auto out = aut.take();
  EXPECT_EQ(out.apply.first, 3u);
  EXPECT_EQ(out.apply.last, 3u);
  aut.persisted(second);
  out = aut.take();
  EXPECT_EQ(out.apply.first, 4u);
  EXPECT_EQ(out.apply.last, 4u);
}

TEST_F(core_test, merges_what_was_proposed_between_two_takes_into_one_job) {
  make_ready();
  propose();
  propose();
  EXPECT_EQ(aut.inspect().open_entries, 2u);
  auto out = aut.take();
  ASSERT_EQ(out.persist.size(), 1u);
  EXPECT_EQ(out.persist[0].append.size(), 2u);
  EXPECT_EQ(aut.inspect().open_entries, 0u);
  EXPECT_TRUE(aut.take().persist.empty());
}

TEST_F(core_test, refuses_too_much_until_something_is_applied) {
  core small{{group, 7, {200, 100}}, first_mark(group), {}};
  small.tick(1);
  settle(small);
  auto bytes = stamped(group, 3, 2, std::string(120, 'x'), 10);
  ASSERT_EQ(small.propose(2, std::span{&bytes, 1}).why, refused::no);
  EXPECT_EQ(small.admits(2, 100), refused::too_much);
  settle(small);
  EXPECT_EQ(small.admits(2, 100), refused::no);
  EXPECT_EQ(small.admits(2, 5000), refused::no); // alone it always fits
}

TEST_F(core_test, forgets_bodies_of_applied_entries_beyond_the_cache) {
  core small{{group, 7, {1 << 20, 100}}, first_mark(group), {}};
  small.tick(1);
  settle(small);
  for (int i = 0; i < 3; ++i) {
    auto bytes = stamped(group, small.last() + 1, 2, std::string(20, 'x'), 10);
    small.propose(2, std::span{&bytes, 1});
    settle(small);
  }
  EXPECT_EQ(small.entry_at(5).index, 5u);
  EXPECT_DEATH(small.entry_at(3), "holds");
}

TEST_F(core_test, starts_a_new_term_after_a_restart_and_applies_the_tail_then) {
  auto from = first_mark(group);
  from.hs = {4, 7};
  from.last = 3;
  from.terms = {{1, 1}, {2, 4}};
  std::vector<entry> tail{{2, 4, entry_kind::command, stamped(group, 2, 4)},
                          {3, 4, entry_kind::command, stamped(group, 3, 4)}};
  core again{{group, 7, {}}, from, tail};
  EXPECT_EQ(again.inspect().commit, 1u); // last is not commit
  again.tick(9);
  auto vote = again.take();
  EXPECT_EQ(vote.persist[0].vote, (hard_state{5, 7}));
  EXPECT_EQ(vote.apply.first, 0u);
  again.persisted(vote.persist[0].job);
  EXPECT_EQ(again.inspect().commit, 1u); // A4: not by an older term's entry
  auto noop = again.take();
  EXPECT_EQ(noop.apply.first, 0u);
  again.persisted(noop.persist[0].job);
  auto out = again.take();
  EXPECT_EQ(out.apply.first, 2u);
  EXPECT_EQ(out.apply.last, 4u);
}

TEST_F(core_test, does_not_campaign_when_others_vote_or_it_is_no_voter) {
  auto from = first_mark(group);
  from.first_members.all
    = {{7, 1, member_role::voter}, {8, 2, member_role::voter}};
  core one_of_two{{group, 7, {}}, from, {}};
  one_of_two.tick(1);
  EXPECT_EQ(one_of_two.inspect().role, role::follower);
  from.first_members.all = {{7, 1, member_role::learner}};
  core learner{{group, 7, {}}, from, {}};
  learner.tick(1);
  EXPECT_EQ(learner.inspect().role, role::follower);
}

TEST_F(core_test, stops_on_a_job_that_it_never_handed_out) {
  make_ready();
  propose();
  EXPECT_DEATH(aut.persisted(3), "taken_job_");
}

TEST_F(core_test, stops_on_a_job_that_is_reported_twice) {
  make_ready();
  EXPECT_DEATH(aut.persisted(2), "persisted_job_");
}

TEST_F(core_test, stops_on_an_apply_that_it_never_ordered) {
  make_ready();
  propose();
  EXPECT_DEATH(aut.applied(3), "ordered_");
}

TEST_F(core_test, stops_on_a_record_with_another_place_or_group) {
  make_ready();
  auto wrong_index = stamped(group, 4, 2, "x", 200);
  EXPECT_DEATH(aut.propose(2, std::span{&wrong_index, 1}), "index");
  auto wrong_group = stamped(group + 1, 3, 2, "x", 200);
  EXPECT_DEATH(aut.propose(2, std::span{&wrong_group, 1}), "group");
  auto earlier = stamped(group, 3, 2, "x", 1);
  EXPECT_DEATH(aut.propose(2, std::span{&earlier, 1}), "log_time");
}

TEST_F(core_test, stops_when_the_store_gives_back_a_log_above_its_term) {
  auto from = first_mark(group);
  from.hs = {0, 0};
  EXPECT_DEATH((core{{group, 7, {}}, from, {}}), "term");
}

} // namespace jindou::raft
