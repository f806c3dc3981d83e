#include "cluster/raft_host.hpp"
#include "cluster/recorder.hpp"
#include "cluster/slot_table.hpp"
#include "tests/unit/cluster/host_world.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <vector>

namespace jindou::cluster {

namespace {

/// What the actors around the host have seen and are told to do.
struct surroundings {
  test::model_writer disk;
  std::deque<log_order_ptr> orders; // not executed yet
  std::size_t flushes = 0;
  std::size_t entries = 0;
  bool hold = false;
  std::vector<applied_ptr> answers;
  std::vector<shared_bytes> applied;
};

using surroundings_ptr = std::shared_ptr<surroundings>;

void execute(surroundings& world) {
  for (; !world.orders.empty(); world.orders.pop_front()) {
    auto order = world.orders.front();
    ++world.flushes;
    world.entries += order->batch.entries;
    caf::anon_send(order->from, flush_result_ptr{std::make_shared<flush_result>(
                                  world.disk.execute(order->batch))});
  }
}

log_writer_actor::behavior_type writer(log_writer_actor::pointer,
                                       surroundings_ptr world) {
  return {
    [world](const log_order_ptr& x) {
      world->orders.push_back(x);
      if (!world->hold)
        execute(*world);
    },
    [](const cut_work_ptr&) {},
    [](const quarantine_row_ptr&) {},
    [](atom::flush) {},
    [](atom::status) { return std::string{}; },
  };
}

void apply(applier_actor::pointer self, surroundings& world,
           const apply_order& order) {
  for (const auto& x : order.items)
    world.applied.push_back(x.record);
  for (const auto& who : order.origins) {
    applied_batch res{who.request, errc::none, {}};
    res.results.resize(who.count);
    self->send(who.from, std::make_shared<const applied_batch>(std::move(res)));
  }
  self->send(caf::actor_cast<raft_host_actor>(self->current_sender()),
             applied_to{order.group, order.first + order.items.size() - 1});
}

applier_actor::behavior_type applier(applier_actor::pointer self,
                                     surroundings_ptr world) {
  return {
    [=](const apply_order_ptr& x) { apply(self, *world, *x); },
    [](const cut_work_ptr&) {},
    [](const fetch_user_ptr&) {},
    [](const fetch_channel_ptr&) {},
    [](const fetch_person_ptr&) {},
    [](const history_request_ptr&) {},
    [](atom::tick) {},
    [](atom::status) { return std::string{}; },
  };
}

proposer_actor::behavior_type listener(proposer_actor::pointer,
                                       surroundings_ptr world) {
  return {[world](const applied_ptr& x) { world->answers.push_back(x); }};
}

struct test_config : caf::actor_system_config {
  test_config() {
    set("scheduler.policy", caf::atom("testing"));
  }
};

class raft_host_test : public ::testing::Test {
protected:
  raft_host_test() {
    raft_host_options options;
    for (group_id g : {0u, 1u, 2u})
      options.groups.push_back({test::first_mark(g), {}});
    options.writer = disk = sys.spawn(writer, world);
    options.appliers.assign(3, sys.spawn(applier, world));
    options.metrics = numbers;
    options.status = status;
    options.now = [] { return std::uint64_t{1000}; };
    aut = sys.spawn(raft_host, std::move(options));
    from = sys.spawn(listener, world);
  }

  ~raft_host_test() override {
    caf::anon_send_exit(aut, caf::exit_reason::kill);
    sched.run();
    while (sched.trigger_timeout()) // a ticker that nobody receives
      sched.run();
  }

  void propose(group_id group, std::uint64_t request,
               const std::string& body = "body") {
    auto what = test::proposal(group, request, {body});
    what->from = from;
    caf::anon_send(aut, what);
  }

  /// Gives the writer as much as it gets at a time; it holds all of it.
  void make_writer_busy() {
    sched.run();
    world->hold = true;
    for (std::uint64_t i = 0; i < limits::flushes_in_flight_max; ++i) {
      propose(1, i);
      sched.run();
    }
    ASSERT_EQ(world->orders.size(), limits::flushes_in_flight_max);
  }

  /// Whether the host has ended.
  bool gone() {
    caf::scoped_actor self{sys};
    bool res = false;
    self->monitor(aut);
    self->receive([&](const caf::down_msg&) { res = true; },
                  caf::after(std::chrono::seconds{0}) >> [] {});
    return res;
  }

  surroundings_ptr world = std::make_shared<surroundings>();
  metrics_ptr numbers = std::make_shared<metrics>();
  std::shared_ptr<host_status> status = std::make_shared<host_status>();
  test_config config;
  caf::actor_system sys{config};
  caf::scheduler::test_coordinator& sched
    = dynamic_cast<caf::scheduler::test_coordinator&>(sys.scheduler());
  log_writer_actor disk;
  raft_host_actor aut;
  proposer_actor from;
};

} // namespace

TEST_F(raft_host_test, is_ready_without_waiting_for_a_tick) {
  sched.run();
  EXPECT_EQ(status->ready_groups, 3u);
  EXPECT_EQ(world->flushes, 2u); // the votes, the no-ops
}

TEST_F(raft_host_test, answers_through_the_applier_what_was_proposed) {
  sched.run();
  propose(1, 42);
  sched.run();
  ASSERT_EQ(world->answers.size(), 1u);
  EXPECT_EQ(world->answers[0]->request, 42u);
  EXPECT_EQ(world->answers[0]->error, errc::none);
  EXPECT_EQ(world->answers[0]->results.size(), 1u);
  EXPECT_EQ(test::body_of(world->applied.back()), "body");
  EXPECT_EQ(status->unapplied_entries, 0u);
  EXPECT_EQ(numbers->value(counter::proposals), 1u);
  EXPECT_EQ(world->entries, 4u); // and three no-ops
}

TEST_F(raft_host_test, works_off_everything_queued_in_one_flush) {
  sched.run();
  auto before = world->flushes;
  for (std::uint64_t i = 0; i < 10; ++i)
    propose(1 + i % 2, i);
  sched.run();
  EXPECT_EQ(world->flushes, before + 1);
  EXPECT_EQ(world->answers.size(), 10u);
}

TEST_F(raft_host_test, is_not_woken_by_proposals_while_its_writer_is_busy) {
  make_writer_busy();
  auto before = world->flushes;
  for (std::uint64_t i = 10; i < 20; ++i)
    propose(1 + i % 2, i);
  EXPECT_FALSE(sched.has_job());
  world->hold = false;
  execute(*world);
  sched.run();
  EXPECT_EQ(world->flushes, before + 3); // two that were held, one for ten
  EXPECT_EQ(world->answers.size(), 12u);
  propose(1, 30);
  EXPECT_TRUE(sched.has_job());
}

TEST_F(raft_host_test, keeps_the_order_of_what_its_busy_writer_kept_out) {
  sched.run();
  world->hold = true;
  propose(1, 1);
  sched.run();
  auto run_one_message = [&](const auto& of) {
    sched.prioritize(of);
    sched.run_once();
  };
  propose(1, 2);
  run_one_message(aut); // it orders a flush of itself
  execute(*world);      // the first is durable
  propose(1, 3, "a");
  run_one_message(aut); // the flush: busy from here, two messages wait
  run_one_message(disk);
  ASSERT_EQ(world->orders.size(), 1u); // the second
  propose(1, 4, "b");
  world->hold = false;
  sched.run();
  ASSERT_EQ(world->answers.size(), 4u);
  auto last = world->applied.end();
  EXPECT_EQ(test::body_of(last[-2]), "a");
  EXPECT_EQ(test::body_of(last[-1]), "b");
}

TEST_F(raft_host_test, looks_at_every_tick_at_what_its_busy_writer_keeps_out) {
  make_writer_busy();
  propose(9, 42);
  sched.run();
  EXPECT_TRUE(world->answers.empty());
  sched.trigger_timeout();
  sched.run();
  ASSERT_EQ(world->answers.size(), 1u);
  EXPECT_EQ(world->answers[0]->request, 42u);
  EXPECT_EQ(world->answers[0]->error, errc::not_leader);
}

TEST_F(raft_host_test, refuses_at_a_stop_what_its_busy_writer_kept_out) {
  make_writer_busy();
  propose(1, 42);
  caf::anon_send_exit(aut, caf::exit_reason::user_shutdown);
  sched.run();
  ASSERT_EQ(world->answers.size(), 1u);
  EXPECT_EQ(world->answers[0]->request, 42u);
  EXPECT_EQ(world->answers[0]->error, errc::stopping);
  propose(1, 43);
  sched.run();
  EXPECT_EQ(world->answers.size(), 2u);
}

TEST_F(raft_host_test, refuses_that_also_where_the_last_flush_ends_at_once) {
  make_writer_busy();
  propose(1, 42);
  caf::anon_send_exit(aut, caf::exit_reason::user_shutdown);
  world->hold = false;
  execute(*world); // both answers of the writer wait behind the exit
  sched.run();
  EXPECT_TRUE(gone());
  auto asked = [](const applied_ptr& x) { return x->request == 42; };
  auto answer
    = std::find_if(world->answers.begin(), world->answers.end(), asked);
  ASSERT_NE(answer, world->answers.end());
  EXPECT_EQ((*answer)->error, errc::stopping);
}

TEST_F(raft_host_test, counts_and_answers_what_it_refuses) {
  sched.run();
  propose(9, 1);
  sched.run();
  ASSERT_EQ(world->answers.size(), 1u);
  EXPECT_EQ(world->answers[0]->error, errc::not_leader);
  EXPECT_EQ(numbers->value(counter::proposals_refused), 1u);
}

TEST_F(raft_host_test, ends_in_order_after_what_is_under_way) {
  sched.run();
  world->hold = true;
  propose(1, 1);
  sched.run();
  caf::anon_send_exit(aut, caf::exit_reason::user_shutdown);
  propose(1, 2);
  sched.run();
  ASSERT_EQ(world->answers.size(), 1u); // nothing new
  EXPECT_EQ(world->answers[0]->request, 2u);
  EXPECT_EQ(world->answers[0]->error, errc::stopping);
  EXPECT_FALSE(gone());
  execute(*world);
  sched.run();
  ASSERT_EQ(world->answers.size(), 2u);
  EXPECT_EQ(world->answers[1]->request, 1u);
  EXPECT_EQ(world->answers[1]->error, errc::none);
  EXPECT_TRUE(gone());
}

TEST_F(raft_host_test, gives_up_after_the_last_drain_tick) {
  sched.run();
  world->hold = true;
  propose(1, 1);
  sched.run();
  caf::anon_send_exit(aut, caf::exit_reason::user_shutdown);
  sched.run();
  for (int i = 0; i < 100 && sched.trigger_timeout(); ++i)
    sched.run();
  EXPECT_TRUE(gone());
  ASSERT_EQ(world->answers.size(), 1u);
  EXPECT_EQ(world->answers[0]->error, errc::unknown);
}

TEST_F(raft_host_test, answers_unknown_when_it_is_killed) {
  sched.run();
  world->hold = true;
  propose(1, 1);
  sched.run();
  caf::anon_send_exit(aut, caf::exit_reason::kill);
  sched.run();
  ASSERT_EQ(world->answers.size(), 1u);
  EXPECT_EQ(world->answers[0]->error, errc::unknown);
}

TEST_F(raft_host_test, shows_the_shell_where_its_groups_are) {
  sched.run();
  caf::scoped_actor self{sys};
  auto answer = self->request(aut, caf::infinite, atom::status::value);
  sched.run();
  answer.receive(
    [](const std::string& text) {
      EXPECT_NE(text.find("group.2.applied 2\n"), std::string::npos);
    },
    [](const caf::error&) { FAIL(); });
}

TEST_F(raft_host_test, lets_a_recorder_record_before_it_is_ready) {
  auto what = first_slot_table({}, 2);
  ASSERT_TRUE(what);
  recorder_options options;
  options.host = aut;
  options.what = *what;
  auto rec = sys.spawn(recorder, options);
  caf::scoped_actor self{sys};
  self->monitor(rec);
  sched.prioritize(rec); // its first attempt comes too early
  sched.run();
  for (int i = 0; i < 20 && sched.trigger_timeout(); ++i)
    sched.run();
  bool done = false;
  self->receive(
    [&](const caf::down_msg& m) { done = m.reason == caf::error{}; },
    caf::after(std::chrono::seconds{0}) >> [] {});
  EXPECT_TRUE(done);
  auto last = command::decode(world->applied.back().span());
  ASSERT_TRUE(last);
  EXPECT_EQ(std::get<command::control_put>(*last), *what);
}

} // namespace jindou::cluster
