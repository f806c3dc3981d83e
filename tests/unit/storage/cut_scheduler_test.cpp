#include "storage/cut_scheduler.hpp"

#include <gtest/gtest.h>

namespace jindou::storage {

namespace {

using namespace std::chrono_literals;

const cut_scheduler::time_point t0{1h};

std::optional<std::size_t> due(const cut_scheduler& x,
                               cut_scheduler::duration after) {
  return x.due(t0 + after, [](std::size_t) { return true; });
}

} // namespace

TEST(cut_scheduler_test, cuts_nothing_that_has_not_changed) {
  cut_scheduler aut{3, 500ms};
  EXPECT_EQ(due(aut, 1h), std::nullopt);
}

TEST(cut_scheduler_test, cuts_the_oldest_change_first) {
  cut_scheduler aut{3, 500ms};
  aut.changed(2, t0);
  aut.changed(0, t0 + 10ms);
  aut.changed(2, t0 + 300ms); // only the first change counts
  EXPECT_EQ(due(aut, 499ms), std::nullopt);
  EXPECT_EQ(due(aut, 500ms), 2U);
}

TEST(cut_scheduler_test, spaces_cuts_over_the_active_replicas) {
  cut_scheduler aut{3, 600ms};
  for (std::size_t i = 0; i < 3; ++i)
    aut.changed(i, t0);
  EXPECT_EQ(due(aut, 600ms), 0U);
  aut.sealed(0, t0 + 600ms);
  EXPECT_EQ(due(aut, 899ms), std::nullopt); // 600 ms / 2 that are left
  EXPECT_EQ(due(aut, 900ms), 1U);
}

TEST(cut_scheduler_test, lets_nobody_wait_for_a_cut_out_of_turn) {
  cut_scheduler aut{2, 600ms};
  aut.changed(0, t0);
  aut.changed(1, t0);
  aut.sealed_early(0);
  EXPECT_EQ(aut.active(), 1U);
  aut.changed(0, t0 + 599ms);
  aut.sealed_early(0);
  EXPECT_EQ(due(aut, 600ms), 1U);
}

TEST(cut_scheduler_test, waits_no_longer_than_twice_the_age) {
  cut_scheduler aut{2, 600ms};
  aut.changed(0, t0);
  aut.changed(1, t0);
  aut.sealed(0, t0 + 1'199ms);
  EXPECT_EQ(due(aut, 1'200ms), 1U);
}

TEST(cut_scheduler_test, passes_over_a_replica_with_a_cut_on_its_way) {
  cut_scheduler aut{2, 500ms};
  aut.changed(0, t0);
  aut.changed(1, t0 + 1ms);
  auto not_first = [](std::size_t i) { return i != 0; };
  EXPECT_EQ(aut.due(t0 + 1s, not_first), 1U);
}

TEST(fold_scheduler_test, folds_what_has_waited_long_enough) {
  fold_scheduler aut{2, 30s};
  EXPECT_EQ(aut.next(), std::nullopt);
  aut.waits(1, {5, false}, t0);
  aut.waits(1, {9, false}, t0 + 10s);
  EXPECT_EQ(aut.next(), t0 + 30s);
  EXPECT_EQ(aut.due(t0 + 29s), std::nullopt);
  EXPECT_EQ(aut.due(t0 + 30s), 1U);
}

TEST(fold_scheduler_test, folds_an_overlong_journal_at_once) {
  fold_scheduler aut{2, 30s};
  aut.waits(0, {5, false}, t0);
  aut.waits(1, {5, true}, t0 + 1s);
  EXPECT_EQ(aut.due(t0 + 1s), 1U);
}

TEST(fold_scheduler_test, spreads_the_steps_of_a_fold) {
  fold_scheduler aut{2, 30s};
  aut.waits(0, {500, false}, t0);
  auto now = t0 + 30s;
  aut.stepped(0, 6, now);
  EXPECT_EQ(aut.due(now + 2'999ms), std::nullopt); // 21 s / 7
  EXPECT_EQ(aut.due(now + 3s), 0U);
}

TEST(fold_scheduler_test, ends_one_fold_before_it_begins_another) {
  fold_scheduler aut{2, 30s};
  aut.waits(0, {500, false}, t0);
  aut.waits(1, {500, true}, t0);
  aut.stepped(0, 1, t0);
  EXPECT_EQ(aut.due(t0 + 1h), 0U);
  aut.stepped(0, 0, t0 + 1h);
  EXPECT_EQ(aut.due(t0 + 1h), 1U);
}

TEST(fold_scheduler_test, forgets_a_replica_that_was_given_up) {
  fold_scheduler aut{1, 30s};
  aut.waits(0, {500, false}, t0);
  aut.stepped(0, 3, t0);
  aut.forget(0);
  EXPECT_EQ(aut.next(), std::nullopt);
  EXPECT_EQ(aut.due(t0 + 1h), std::nullopt);
}

} // namespace jindou::storage
