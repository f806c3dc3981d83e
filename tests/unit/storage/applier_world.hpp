#pragma once

#include "storage/applier.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/entry_maker.hpp"
#include "tests/support/store_driver.hpp"
#include "tests/support/temp_folder.hpp"

#include <caf/send.hpp>

#include <chrono>
#include <deque>
#include <memory>
#include <vector>

namespace jindou::test {

using namespace std::chrono_literals;

/// An APPLIER over a real store; writer, reader, host and proposer are played
/// by the test.
class applier_world : public actor_fixture {
protected:
  static constexpr group_id group = 1;

  applier_world() {
    driver.options.data_groups = 1;
    driver.open();
    writer = sys.spawn(writer_part, this);
    reader = sys.spawn(reader_part, this);
    host = sys.spawn(host_part, this);
    proposer = sys.spawn(proposer_part, this);
  }

  ~applier_world() override {
    stop();
    for (auto& x : {caf::actor_cast<caf::actor>(writer),
                    caf::actor_cast<caf::actor>(reader),
                    caf::actor_cast<caf::actor>(host),
                    caf::actor_cast<caf::actor>(proposer)})
      caf::anon_send_exit(x, caf::exit_reason::kill);
    settle();
  }

  storage::applier_options options() {
    storage::applier_options res;
    res.state.path = folder.path() + "/store.db";
    res.state.cache_kib = 1'024;
    res.report
      = std::make_shared<const storage::start_report>(std::move(driver.report));
    storage::group_map groups{};
    groups.fill(group);
    res.groups = std::make_shared<const storage::group_map>(groups);
    res.versions = versions;
    res.counters = counters;
    res.writer = writer;
    res.readers = {reader};
    res.fatal = [this](const storage::error& x) { faults.push_back(x); };
    return res;
  }

  void start() {
    aut = sys.spawn(storage::applier, options());
    settle();
  }

  void stop() {
    if (!aut)
      return;
    caf::anon_send_exit(aut, caf::exit_reason::user_shutdown);
    settle();
    while (sched.trigger_timeout()) // ticks that nobody receives
      settle();
    aut = nullptr;
  }

  /// What one origin proposed, as an order of its own.
  apply_order_ptr order(const std::vector<command::any>& commands) {
    log_job job{group, ++job_, {}, {}, {}};
    for (auto& x : commands) {
      auto rec = driver.maker(group)(x);
      auto h = record::peek(rec);
      job.append.push_back(
        {h.index, h.term, h.kind, shared_bytes{std::move(rec)}});
    }
    auto res = std::make_shared<apply_order>();
    res->group = group;
    res->first = job.append.front().index;
    for (auto& x : job.append)
      res->items.push_back({x.bytes, 0});
    driver.vote(job);
    auto done = driver.flush({job});
    EXPECT_TRUE(done) << done.error().context;
    auto pos = done->results.at(0).placed.at(0).first;
    for (auto& x : res->items)
      x.pos = pos++;
    auto n = static_cast<std::uint32_t>(commands.size());
    res->origins.push_back({proposer, ++request_, 0, n});
    return res;
  }

  void send(apply_order_ptr x) {
    caf::send_as(host, aut, std::move(x));
    settle();
  }

  void run(const std::vector<command::any>& commands) {
    send(order(commands));
  }

  static command::append_message message(std::string_view channel,
                                         std::string_view number) {
    command::append_message res;
    res.message_id = 5;
    res.channel_type = channel_type::group;
    res.channel_id = channel;
    res.from_uid = "a";
    res.client_msg_no = number;
    res.payload = "hello";
    return res;
  }

  /// Asks and waits for the one answer.
  template <class View, class Fetch>
  result<View> fetch(Fetch what) {
    auto res = std::make_shared<std::vector<result<View>>>();
    what.answer = make_reply<View>(
      [res](result<View> x) { res->push_back(std::move(x)); });
    caf::anon_send(aut, std::make_shared<Fetch>(std::move(what)));
    what.answer.reset();
    settle();
    EXPECT_EQ(res->size(), 1U);
    return res->empty() ? result<View>{errc::lost} : res->front();
  }

  /// Writes what the applier handed over and gives it back.
  void write_works() {
    for (; !works.empty(); works.pop_front()) {
      auto work = works.front();
      if (work->what == storage::state_change::kind::aside) {
        aside.push_back(work->group);
        caf::anon_send(work->from, work);
        continue;
      }
      storage::write_batch all;
      (work->what == storage::state_change::kind::cut ? all.cut : all.fold)
        = work.get();
      auto done = driver.store->flush(all);
      EXPECT_TRUE(done) << done.error().context;
      ++written;
      caf::anon_send(work->from, work);
    }
  }

  temp_folder folder;
  store_driver driver{folder.path()};
  std::shared_ptr<slot_versions> versions = std::make_shared<slot_versions>();
  metrics_ptr counters = std::make_shared<metrics>();
  applier_actor aut;
  log_writer_actor writer;
  reader_actor reader;
  raft_host_actor host;
  proposer_actor proposer;

  bool hold = false; // works stay in `works`
  std::deque<cut_work_ptr> works;
  std::size_t written = 0;
  std::vector<group_id> aside; // groups reported as damaged
  std::vector<applied_ptr> answers;
  std::vector<applied_to> progress;
  std::vector<std::uint64_t> versions_at_answer;
  slot_id watched_slot = 0;
  std::vector<read_rows_ptr> reads;
  std::vector<storage::error> faults;

private:
  static log_writer_actor::behavior_type writer_part(log_writer_actor::pointer,
                                                     applier_world* world) {
    return {
      [](const log_order_ptr&) {},
      [world](const cut_work_ptr& x) {
        world->works.push_back(x);
        if (!world->hold)
          world->write_works();
      },
      [](const quarantine_row_ptr&) {},
      [](atom::flush) {},
      [](atom::status) { return std::string{}; },
    };
  }

  static reader_actor::behavior_type reader_part(reader_actor::pointer,
                                                 applier_world* world) {
    return {[world](const read_rows_ptr& x) {
      world->reads.push_back(x);
      history res;
      res.last_seq = x->last_seq;
      x->answer->answer(std::move(res));
    }};
  }

  static raft_host_actor::behavior_type host_part(raft_host_actor::pointer,
                                                  applier_world* world) {
    return {
      [](const propose_ptr&) {},
      [](const flush_result_ptr&) {},
      [world](const applied_to& x) { world->progress.push_back(x); },
      [](atom::flush) {},
      [](atom::tick) {},
      [](atom::status) { return std::string{}; },
    };
  }

  static proposer_actor::behavior_type proposer_part(proposer_actor::pointer,
                                                     applier_world* world) {
    return {[world](const applied_ptr& x) {
      world->answers.push_back(x);
      world->versions_at_answer.push_back(
        world->versions->of(world->watched_slot));
    }};
  }

  std::uint64_t job_ = 0;
  std::uint64_t request_ = 100;
};

} // namespace jindou::test
