#include "messages/hash.hpp"
#include "tests/unit/storage/applier_world.hpp"

namespace jindou::test {

namespace {

using command::list;

const channel_key g1{channel_type::group, "g1"};

class applier_test : public applier_world {
protected:
  history_range range(history_range::order which, std::uint32_t limit) {
    history_range res;
    res.channel = g1;
    res.which = which;
    res.limit = limit;
    return res;
  }

  /// Seqs that the reader was asked for.
  std::vector<message_seq> asked(const history_range& x) {
    reads.clear();
    auto res = fetch<history>(history_request{x, {}});
    EXPECT_TRUE(res);
    return reads.empty() ? std::vector<message_seq>{} : reads.front()->seqs;
  }

  /// Enough new users to make rows wait for a cut.
  std::vector<command::any> users(int n, const std::string& prefix = "u") {
    std::vector<command::any> res;
    for (int i = 0; i < n; ++i)
      res.emplace_back(command::user_put{prefix + std::to_string(i), ""});
    return res;
  }

  /// Opens the store again, as after a crash of everything.
  void reopen() {
    stop();
    driver.open();
  }
};

using seqs = std::vector<message_seq>;

} // namespace

// -- orders -------------------------------------------------------------------

TEST_F(applier_test, answers_each_origin_with_its_own_results) {
  start();
  auto x = std::make_shared<apply_order>(
    *order({message("g1", "1"), message("g1", "2"), message("g1", "1")}));
  x->origins = {{proposer, 7, 0, 1}, {proposer, 8, 1, 2}};
  send(x);
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[0]->request, 7U);
  ASSERT_EQ(answers[0]->results.size(), 1U);
  EXPECT_EQ(answers[0]->results[0].seq, 1U);
  ASSERT_EQ(answers[1]->results.size(), 2U);
  EXPECT_EQ(answers[1]->results[0].seq, 2U);
  EXPECT_TRUE(answers[1]->results[1].duplicate);
  EXPECT_EQ(answers[1]->results[1].seq, 1U);
}

TEST_F(applier_test, tells_the_host_how_far_it_is) {
  start();
  run({message("g1", "1"), message("g1", "2")});
  run({message("g1", "3")});
  ASSERT_EQ(progress.size(), 2U);
  EXPECT_EQ(progress[0].index, 3U);
  EXPECT_EQ(progress[1].index, 4U);
  EXPECT_EQ(progress[1].group, group);
}

TEST_F(applier_test, applies_entries_that_nobody_here_proposed) {
  start();
  auto x = std::make_shared<apply_order>(*order({message("g1", "1")}));
  x->origins.clear();
  send(x);
  EXPECT_TRUE(answers.empty());
  EXPECT_EQ(progress.size(), 1U);
}

TEST_F(applier_test, raises_the_version_of_a_slot_before_it_answers) {
  start();
  watched_slot = slot_of(hash_of_channel(g1.type, g1.id));
  run({message("g1", "1")});
  run({command::members_add{g1, list::subscriber, false, {"a"}}});
  EXPECT_EQ(versions_at_answer, (std::vector<std::uint64_t>{0, 1}));
}

TEST_F(applier_test, refuses_orders_of_a_group_it_does_not_keep) {
  start();
  auto x = std::make_shared<apply_order>(*order({message("g1", "1")}));
  x->group = 9;
  send(x);
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0]->error, errc::unavailable);
  EXPECT_TRUE(progress.empty());
}

TEST_F(applier_test, counts_entries_and_stored_messages) {
  start();
  run({message("g1", "1"), message("g1", "1"), command::user_put{"u", ""}});
  EXPECT_EQ(counters->value(counter::entries_applied), 3U);
  EXPECT_EQ(counters->value(counter::messages_stored), 1U);
}

// -- reads --------------------------------------------------------------------

TEST_F(applier_test, shows_a_user_with_the_device_asked_for) {
  start();
  run({command::device_put{"u1", 1, device_level::master, "secret"},
       command::channel_put{
         {channel_type::person, "u1"}, command::channel_flags::ban, false}});
  auto view = fetch<user_view>(fetch_user{"u1", 1, {}});
  ASSERT_TRUE(view);
  EXPECT_TRUE(view->exists);
  EXPECT_NE(view->channel_flags & command::channel_flags::ban, 0U);
  ASSERT_TRUE(view->asked_device);
  EXPECT_EQ(view->asked_device->token, "secret");
  EXPECT_FALSE(fetch<user_view>(fetch_user{"u1", 2, {}})->asked_device);
  EXPECT_FALSE(fetch<user_view>(fetch_user{"u1", -1, {}})->asked_device);
  EXPECT_FALSE(fetch<user_view>(fetch_user{"nobody", 1, {}})->exists);
}

TEST_F(applier_test, shows_a_channel_with_its_lists) {
  start();
  run({message("g1", "1"),
       command::members_add{g1, list::subscriber, false, {"b", "a"}},
       command::members_add{g1, list::deny, false, {"c"}},
       command::members_add{g1, list::allow, false, {"d"}}});
  auto view = fetch<channel_view>(fetch_channel{g1, {}});
  ASSERT_TRUE(view);
  EXPECT_EQ(view->chan_no, 1U);
  EXPECT_EQ(view->last_seq, 1U);
  EXPECT_EQ(view->subscribers, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(view->denied, (std::vector<std::string>{"c"}));
  EXPECT_EQ(view->allowed, (std::vector<std::string>{"d"}));
  auto none = fetch<channel_view>(fetch_channel{{2, "none"}, {}});
  ASSERT_TRUE(none);
  EXPECT_EQ(none->chan_no, 0U);
}

TEST_F(applier_test, says_what_the_lists_of_a_person_say_of_a_sender) {
  start();
  channel_key owner{channel_type::person, "o"};
  run({command::members_add{owner, list::deny, false, {"x"}},
       command::members_add{owner, list::allow, false, {"y"}}});
  auto x = fetch<person_view>(fetch_person{"o", "x", {}});
  auto y = fetch<person_view>(fetch_person{"o", "y", {}});
  auto z = fetch<person_view>(fetch_person{"nobody", "y", {}});
  ASSERT_TRUE(x && y && z);
  EXPECT_TRUE(x->denied && !x->allowed);
  EXPECT_TRUE(!y->denied && y->allowed);
  EXPECT_TRUE(!z->denied && !z->allowed);
}

TEST_F(applier_test, turns_seqs_into_positions_within_what_was_applied) {
  start();
  std::vector<command::any> commands;
  std::deque<std::string> numbers;
  for (int i = 1; i <= 10; ++i)
    commands.emplace_back(
      message("g1", numbers.emplace_back(std::to_string(i))));
  auto all = order(commands);
  send(all);
  using which = history_range::order;
  auto x = range(which::newest, 3);
  EXPECT_EQ(asked(x), (seqs{8, 9, 10}));
  EXPECT_EQ(reads.at(0)->positions,
            (std::vector<position>{all->items[7].pos, all->items[8].pos,
                                   all->items[9].pos}));
  EXPECT_EQ(reads.at(0)->last_seq, 10U);
  x.last = 2;
  EXPECT_EQ(asked(x), (seqs{1, 2}));
  x = range(which::oldest, 3);
  x.first = 9;
  EXPECT_EQ(asked(x), (seqs{9, 10}));
  x.first = 4;
  x.last = 100;
  EXPECT_EQ(asked(x), (seqs{4, 5, 6}));
  x.first = 11;
  EXPECT_EQ(asked(x), seqs{});
}

TEST_F(applier_test, answers_the_history_of_an_unused_channel_itself) {
  start();
  auto res = fetch<history>(
    history_request{range(history_range::order::newest, 20), {}});
  ASSERT_TRUE(res);
  EXPECT_TRUE(res->messages.empty());
  EXPECT_EQ(res->last_seq, 0U);
  EXPECT_TRUE(reads.empty());
}

// -- cuts and folds -----------------------------------------------------------

TEST_F(applier_test, cuts_once_a_change_is_old_enough_and_then_rests) {
  start();
  run({message("g1", "1")});
  pass(400ms);
  EXPECT_EQ(written, 0U);
  pass(200ms);
  EXPECT_EQ(written, 1U);
  pass(10s);
  EXPECT_EQ(written, 1U);
  reopen();
  EXPECT_EQ(driver.start_of(group).cut.applied, 2U);
  EXPECT_TRUE(driver.start_of(group).tail.empty());
}

TEST_F(applier_test, cuts_a_change_that_follows_while_a_fold_is_waited_for) {
  start();
  run({message("g1", "1")});
  pass(1s);
  EXPECT_EQ(written, 1U); // the fold is 30 s away
  for (auto i = 2U; i < 6; ++i) {
    run({message("g1", std::to_string(i))});
    pass(1s);
    EXPECT_EQ(written, i);
  }
}

TEST_F(applier_test, folds_once_the_journal_is_old_enough) {
  start();
  run({message("g1", "1")});
  pass(1s);
  EXPECT_EQ(written, 1U);
  pass(40s);
  EXPECT_EQ(written, 2U);
  pass(100s);
  EXPECT_EQ(written, 2U);
}

TEST_F(applier_test, serves_what_an_earlier_run_has_cut) {
  start();
  run({message("g1", "1"), message("g1", "2")});
  run({command::members_add{g1, list::subscriber, false, {"a"}}});
  pass(1s);
  reopen();
  start();
  auto view = fetch<channel_view>(fetch_channel{g1, {}});
  ASSERT_TRUE(view);
  EXPECT_EQ(view->last_seq, 2U);
  EXPECT_EQ(view->subscribers, (std::vector<std::string>{"a"}));
  run({message("g1", "2"), message("g1", "3")});
  EXPECT_TRUE(answers.back()->results[0].duplicate);
  EXPECT_EQ(answers.back()->results[1].seq, 3U);
}

TEST_F(applier_test, waits_for_its_cut_when_too_many_rows_are_open) {
  start();
  hold = true;
  run(users(250, "a"));
  run(users(250, "b"));
  run(users(250, "c"));
  run(users(250, "d"));
  EXPECT_EQ(works.size(), 1U); // at 256 rows, of which 512 more may follow
  EXPECT_EQ(answers.size(), 3U);
  hold = false;
  write_works();
  settle();
  EXPECT_EQ(answers.size(), 4U);
  EXPECT_EQ(answers.back()->results.size(), 250U);
  EXPECT_EQ(progress.back().index, 1'001U);
}

TEST_F(applier_test, hands_over_a_last_cut_when_it_ends) {
  start();
  run({message("g1", "1")});
  reopen();
  EXPECT_EQ(written, 1U);
  EXPECT_EQ(driver.start_of(group).cut.applied, 2U);
}

// -- faults -------------------------------------------------------------------

TEST_F(applier_test, takes_a_damaged_replica_out_and_answers_all_the_same) {
  start();
  run({message("g1", "1")});
  reopen();
  storage::state_change damage;
  auto rep = driver.start_of(group).row.rep;
  damage.what = storage::state_change::kind::fold;
  damage.group = group;
  damage.puts.push_back(
    {storage::table::journal, {storage::serial_key(rep, 1), byte_vector(20)}});
  storage::write_batch all;
  all.fold = &damage;
  ASSERT_TRUE(driver.store->flush(all));
  start();
  auto view = fetch<channel_view>(fetch_channel{g1, {}});
  ASSERT_FALSE(view);
  EXPECT_EQ(view.error(), errc::corrupt);
  EXPECT_EQ(aside, std::vector<group_id>{group});
  answers.clear();
  run({message("g1", "2")});
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0]->error, errc::unknown);
  EXPECT_TRUE(faults.empty());
  pass(60s);
}

TEST_F(applier_test, takes_out_a_replica_that_a_reader_found_damaged) {
  start();
  run({message("g1", "1")});
  auto found = std::make_shared<storage::cut_work>();
  found->what = storage::state_change::kind::aside;
  found->group = group;
  caf::anon_send(aut, cut_work_ptr{std::move(found)});
  settle();
  auto view = fetch<channel_view>(fetch_channel{g1, {}});
  ASSERT_FALSE(view);
  EXPECT_EQ(view.error(), errc::corrupt);
  answers.clear();
  run({message("g1", "2")});
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0]->error, errc::unknown);
  pass(60s);
}

TEST_F(applier_test, reports_a_store_that_cannot_be_read) {
  auto broken = options();
  broken.state.path = folder.path() + "/none.db";
  aut = sys.spawn(storage::applier, std::move(broken));
  settle();
  EXPECT_EQ(faults.size(), 1U);
}

} // namespace jindou::test
