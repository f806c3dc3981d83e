#include "messages/limits.hpp"
#include "storage/log_writer.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/sim_vfs.hpp"
#include "tests/support/store_driver.hpp"
#include "tests/support/temp_folder.hpp"

namespace jindou::storage {

namespace {

/// What a raft host and an applier hear.
struct heard {
  std::vector<flush_result_ptr> results;
  std::vector<cut_work_ptr> works;
};

raft_host_actor::behavior_type fake_host(raft_host_actor::pointer, heard* to) {
  return {
    [](const propose_ptr&) {},
    [to](const flush_result_ptr& x) { to->results.push_back(x); },
    [](const applied_to&) {},
    [](atom::flush) {},
    [](atom::tick) {},
    [](atom::status) { return std::string{}; },
  };
}

applier_actor::behavior_type fake_applier(applier_actor::pointer, heard* to) {
  return {
    [](const apply_order_ptr&) {},
    [to](const cut_work_ptr& x) { to->works.push_back(x); },
    [](const fetch_user_ptr&) {},
    [](const fetch_channel_ptr&) {},
    [](const fetch_person_ptr&) {},
    [](const history_request_ptr&) {},
    [](atom::tick) {},
    [](atom::status) { return std::string{}; },
  };
}

class log_writer_test : public test::actor_fixture {
protected:
  void SetUp() override {
    start();
  }

  ~log_writer_test() override {
    stop();
    self->send_exit(host, caf::exit_reason::kill);
    self->send_exit(applier, caf::exit_reason::kill);
    settle();
  }

  /// What an applier or a reader says of a damaged replica.
  cut_work_ptr damage_of(group_id group) const {
    cut_work x;
    x.what = state_change::kind::aside;
    x.group = group;
    x.from = applier;
    return std::make_shared<const cut_work>(x);
  }

  void start() {
    drv.open();
    store = std::make_shared<log_store>(std::move(*drv.store));
    drv.store.reset();
    log_writer_options options;
    options.store = store;
    options.counters = counters;
    options.fatal = [this](const error& x) { failures.push_back(x.what); };
    options.room
      = {.free_min = 100 << 20, .reserve = drv.options.reserve_bytes};
    options.probe = probe;
    options.free_bytes = [this] { return free; };
    options.health = health;
    aut = sys.spawn(log_writer, std::move(options));
    settle();
  }

  void stop() {
    self->send_exit(aut, caf::exit_reason::user_shutdown);
    settle();
    if (probe.count() > 0)
      pass(probe); // a timer that nobody receives
    aut = nullptr;
    store.reset();
  }

  log_order_ptr order(std::vector<log_job> jobs) {
    log_order res;
    res.from = host;
    for (auto& job : jobs) {
      res.batch.entries += job.append.size();
      for (auto& x : job.append)
        res.batch.bytes += x.bytes.size();
    }
    res.batch.jobs = std::move(jobs);
    return std::make_shared<const log_order>(std::move(res));
  }

  cut_work_ptr cut(group_id group, raft::log_index applied) {
    cut_work res;
    static_cast<state_change&>(res) = drv.cut(group, applied);
    res.from = applier;
    return std::make_shared<const cut_work>(std::move(res));
  }

  cut_work_ptr fold(group_id group) {
    cut_work res;
    res.what = state_change::kind::fold;
    res.group = group;
    res.rep = static_cast<rep_t>(group + 1);
    res.puts.push_back({table::head, {chan_key(res.rep, 1), byte_vector(8)}});
    res.from = applier;
    return std::make_shared<const cut_work>(std::move(res));
  }

  std::uint64_t value(counter c) const {
    return counters->value(c);
  }

  test::temp_folder folder;
  test::store_driver drv{folder.path()};
  heard said;
  raft_host_actor host = sys.spawn(fake_host, &said);
  applier_actor applier = sys.spawn(fake_applier, &said);
  metrics_ptr counters = std::make_shared<metrics>();
  std::vector<fault> failures;
  std::chrono::milliseconds probe{0};
  std::uint64_t free = 1 << 30;
  std::shared_ptr<store_health> health = std::make_shared<store_health>();
  std::shared_ptr<log_store> store;
  log_writer_actor aut;
};

} // namespace

TEST_F(log_writer_test, puts_all_orders_that_wait_into_one_commit) {
  self->send(aut, order({drv.append(1, {"a"})}));
  self->send(aut, order({drv.append(2, {"x", "y"})}));
  self->send(aut, order({drv.append(1, {"b"})}));
  settle();
  ASSERT_EQ(said.results.size(), 3U);
  EXPECT_EQ(said.results[1]->placed[0].group, 2U);
  EXPECT_EQ(said.results[2]->finished[0].job, 2U);
  EXPECT_EQ(value(counter::flushes), 1U);
  EXPECT_EQ(value(counter::entries_appended), 4U);
  EXPECT_GT(value(counter::flush_bytes), 4U * record::head_bytes);
}

TEST_F(log_writer_test, splits_what_is_too_much_for_one_commit) {
  std::vector<std::string> many(limits::flush_entries_max - 1, "x");
  self->send(aut, order({drv.append(1, many)}));
  self->send(aut, order({drv.append(1, {"a", "b"})}));
  settle();
  EXPECT_EQ(said.results.size(), 2U);
  EXPECT_EQ(value(counter::flushes), 2U);
}

TEST_F(log_writer_test, takes_one_cut_and_one_fold_step_into_a_flush) {
  self->send(aut, order({drv.append(1, {"a"}), drv.append(2, {"b"})}));
  settle();
  auto first = cut(1, 2);
  auto second = cut(2, 2);
  auto step = fold(1);
  self->send(aut, first);
  self->send(aut, second);
  self->send(aut, step);
  settle();
  EXPECT_EQ(said.works, (std::vector<cut_work_ptr>{first, step, second}));
  EXPECT_EQ(value(counter::flushes), 3U);
  EXPECT_EQ(value(counter::cuts), 2U);
  EXPECT_EQ(value(counter::fold_steps), 1U);
  stop();
  drv.open();
  EXPECT_EQ(drv.start_of(1).cut.applied, 2U);
  EXPECT_EQ(drv.start_of(2).cut.applied, 2U);
}

TEST_F(log_writer_test, refuses_a_job_that_is_not_the_next_of_its_group) {
  auto lost = drv.append(1, {"a"});
  auto behind = order({drv.append(1, {"b"})});
  self->send(aut, behind); // job 2 without job 1
  settle();
  ASSERT_EQ(said.results.size(), 1U);
  EXPECT_EQ(said.results[0]->error, errc::unavailable);
  EXPECT_TRUE(said.results[0]->finished.empty());
  self->send(aut, order({lost}));
  self->send(aut, behind);
  settle();
  ASSERT_EQ(said.results.size(), 3U);
  EXPECT_EQ(said.results[1]->error, errc::none);
  EXPECT_EQ(said.results[2]->error, errc::none);
}

TEST_F(log_writer_test, answers_a_full_disk_and_takes_the_jobs_again) {
  stop();
  drv.options.pages_max = 60;
  start();
  auto large = drv.append(1, {std::string(900'000, 'x')});
  auto behind = order({drv.append(1, {"b"})});
  self->send(aut, order({large}));
  self->send(aut, behind);
  settle();
  ASSERT_EQ(said.results.size(), 2U);
  EXPECT_EQ(said.results[0]->error, errc::unavailable);
  EXPECT_EQ(said.results[1]->error, errc::unavailable);
  EXPECT_TRUE(failures.empty());
  drv.maker(1).head().index = 1; // the host makes a smaller one of it
  auto small = drv.append(1, {"a"});
  small.job = 1;
  self->send(aut, order({small}));
  self->send(aut, behind);
  settle();
  ASSERT_EQ(said.results.size(), 4U);
  EXPECT_EQ(said.results[2]->error, errc::none);
  EXPECT_EQ(said.results[3]->error, errc::none);
}

TEST_F(log_writer_test, keeps_a_cut_for_which_there_is_no_room) {
  stop();
  drv.options.pages_max = 60;
  start();
  self->send(aut, order({drv.append(1, {"a"})}));
  settle();
  cut_work work{*cut(1, 2)};
  work.puts.push_back(
    {table::head, {chan_key(work.rep, 1), byte_vector(900'000)}});
  self->send(aut, std::make_shared<const cut_work>(work));
  settle();
  EXPECT_TRUE(said.works.empty());
  // Entries go on; the cut is tried again and again.
  for (int i = 0; i < 5; ++i) {
    self->send(aut, order({drv.append(1, {"b"})}));
    settle();
    pass(std::chrono::milliseconds{600});
  }
  ASSERT_EQ(said.results.size(), 6U);
  for (auto& x : said.results)
    EXPECT_EQ(x->error, errc::none);
  EXPECT_TRUE(said.works.empty());
  EXPECT_TRUE(failures.empty());
  EXPECT_EQ(value(counter::cuts), 0U);
}

TEST_F(log_writer_test, keeps_events_that_failed_twice) {
  auto row = std::make_shared<const quarantine_row>(quarantine_row{
    "jindou.user", event_type::on_send, "threw", byte_vector(3)});
  self->send(aut, row);
  settle();
  stop();
  auto db = connection::open({.path = folder / "store.db"});
  ASSERT_TRUE(db);
  statement query{*db, "SELECT actor, event, reason FROM quarantine"};
  auto more = query.step();
  ASSERT_TRUE(more && *more);
  EXPECT_EQ(query.text(0), "jindou.user");
  EXPECT_EQ(query.integer(1), 10);
  EXPECT_EQ(query.text(2), "threw");
}

TEST_F(log_writer_test, writes_what_it_has_before_it_ends) {
  self->send(aut, order({drv.append(1, {"a"})}));
  stop(); // the order and the exit wait in one mailbox
  EXPECT_EQ(said.results.size(), 1U);
  drv.open();
  EXPECT_EQ(drv.tail(1), std::vector<std::string>{"a"});
}

TEST_F(log_writer_test, answers_nothing_when_the_disk_failed) {
  auto db = connection::open({.path = folder / "store.db"});
  ASSERT_TRUE(db);
  ASSERT_TRUE(db->run("DROP TABLE log")); // stands for any fault of a write
  self->send(aut, order({drv.append(1, {"a"})}));
  self->send(aut, order({drv.append(1, {"b"})}));
  settle();
  EXPECT_TRUE(said.results.empty());
  EXPECT_EQ(failures.size(), 1U);
}

TEST_F(log_writer_test, refuses_new_work_while_little_of_the_disk_is_free) {
  using namespace std::chrono_literals;
  stop();
  probe = 500ms;
  start();
  EXPECT_FALSE(health->no_room);
  free = 99 << 20;
  pass(probe);
  EXPECT_TRUE(health->no_room);
  EXPECT_EQ(health->free_bytes, free);
  self->send(aut, order({drv.append(1, {"accepted before"})}));
  settle();
  ASSERT_EQ(said.results.size(), 1U);
  EXPECT_EQ(said.results[0]->error, errc::none);
  free = 105 << 20;
  pass(probe);
  EXPECT_TRUE(health->no_room) << "would flicker";
  free = 1 << 30;
  pass(probe);
  EXPECT_FALSE(health->no_room);
}

TEST_F(log_writer_test, frees_the_reserve_when_a_write_finds_no_room) {
  using namespace std::chrono_literals;
  stop();
  probe = 500ms;
  drv.options.pages_max = 60;
  drv.options.reserve_bytes = 1 << 20;
  start();
  auto reserve = folder / "reserve";
  EXPECT_EQ(std::filesystem::file_size(reserve), 1U << 20);
  auto large = order({drv.append(1, {std::string(900'000, 'x')})});
  self->send(aut, large);
  settle();
  EXPECT_TRUE(health->no_room);
  EXPECT_EQ(std::filesystem::file_size(reserve), 1U << 19);
  drv.maker(1).head().index = 1; // the host makes a smaller one of it
  auto small = drv.append(1, {"a"});
  small.job = 1;
  self->send(aut, order({small}));
  settle();
  pass(probe);
  EXPECT_FALSE(health->no_room);
  EXPECT_EQ(std::filesystem::file_size(reserve), 1U << 20);
}

TEST_F(log_writer_test, notes_a_damaged_replica_for_later_starts) {
  self->send(aut, order({drv.append(1, {"a"}), drv.append(2, {"b"})}));
  auto work = damage_of(1);
  self->send(aut, work);
  settle();
  EXPECT_EQ(said.works, std::vector<cut_work_ptr>{work});
  EXPECT_TRUE(health->damaged(1));
  EXPECT_FALSE(health->damaged(2));
  self->send(aut, order({drv.append(1, {"on its way"})}));
  self->send(aut, cut(2, 2));
  settle();
  EXPECT_EQ(said.results.size(), 2U);
  stop();
  drv.open();
  EXPECT_FALSE(drv.start_of(1).healthy());
  EXPECT_EQ(drv.start_of(1).row.state, replica_state::quarantined);
  EXPECT_TRUE(drv.start_of(2).healthy());
  EXPECT_EQ(drv.report.clean_pos, 2U) << "what it holds back is nobody's";
}

TEST_F(log_writer_test, notes_damage_later_that_it_heard_of_on_a_full_disk) {
  stop();
  test::sim_disk disk{1};
  auto vfs = test::register_vfs(disk);
  drv.options.dir = folder / "small";
  drv.options.vfs = disk.vfs();
  start();
  self->send(aut, order({drv.append(1, {"a"}), drv.append(2, {"b"})}));
  settle();
  disk.quota(disk.used());
  std::vector<cut_work_ptr> works{damage_of(1), damage_of(2)};
  for (auto& x : works) {
    self->send(aut, x);
    settle();
  }
  EXPECT_EQ(said.works, works) << "one does not hold up the other";
  EXPECT_TRUE(failures.empty());
  disk.quota(std::nullopt);
  self->send(aut, order({drv.append(3, {"c"})}));
  settle();
  EXPECT_EQ(said.works, works) << "each is told once";
  stop();
  drv.open();
  EXPECT_EQ(drv.start_of(1).row.state, replica_state::quarantined);
  EXPECT_EQ(drv.start_of(2).row.state, replica_state::quarantined);
  drv.store.reset();
}

TEST_F(log_writer_test, checkpoints_between_flushes) {
  stop();
  drv.options.checkpoint_pages = 16;
  start();
  self->send(aut, order({drv.append(1, {std::string(300'000, 'x')})}));
  settle();
  EXPECT_EQ(value(counter::checkpoints), 1U);
}

} // namespace jindou::storage
