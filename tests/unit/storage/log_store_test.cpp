#include "messages/limits.hpp"
#include "storage/log_store.hpp"
#include "storage/sqlite.hpp"
#include "tests/support/store_driver.hpp"
#include "tests/support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace jindou::storage {

namespace {

using texts = std::vector<std::string>;

class log_store_test : public testing::Test {
protected:
  void SetUp() override {
    drv.open();
  }

  /// Reads one number behind the back of the closed store.
  std::int64_t number(const char* sql) {
    drv.store.reset();
    auto db = connection::open({.path = folder / "store.db"});
    EXPECT_TRUE(db);
    auto res = db->number(sql);
    EXPECT_TRUE(res);
    return res ? *res : -1;
  }

  test::temp_folder folder;
  test::store_driver drv{folder.path()};
};

} // namespace

// -- a new store --------------------------------------------------------------

TEST_F(log_store_test, makes_33_groups_with_one_voter_and_the_initial_mark) {
  EXPECT_TRUE(drv.report.created);
  EXPECT_EQ(drv.report.node_id, 1U);
  EXPECT_EQ(drv.report.boot_id, 1U);
  EXPECT_EQ(drv.report.cluster_id.size(), 32U);
  EXPECT_NE(drv.report.cluster_id, drv.report.data_uuid);
  ASSERT_EQ(drv.report.replicas.size(), 33U);
  group_id group = 0;
  for (auto& x : drv.report.replicas) {
    EXPECT_EQ(x.row.group, group++);
    EXPECT_TRUE(x.healthy());
    auto start = restored_of(x);
    EXPECT_EQ(start.hs, (raft::hard_state{1, 0}));
    EXPECT_EQ(start.first_index, 1U);
    EXPECT_EQ(start.last, 1U);
    EXPECT_EQ(start.applied, 1U);
    raft::member self{start.self, 1, raft::member_role::voter};
    EXPECT_EQ(start.first_members, (raft::membership{1, {self}}));
    EXPECT_EQ(start.terms, (std::vector<raft::term_run>{{1, 1}}));
  }
}

TEST_F(log_store_test, opens_again_as_the_same_node_and_counts_the_boot) {
  auto first = drv.report;
  ASSERT_TRUE(drv.store->close());
  drv.open();
  EXPECT_FALSE(drv.report.created);
  EXPECT_EQ(drv.report.boot_id, 2U);
  EXPECT_EQ(drv.report.cluster_id, first.cluster_id);
  EXPECT_EQ(drv.report.data_uuid, first.data_uuid);
  EXPECT_EQ(drv.report.replicas.size(), 33U);
}

TEST_F(log_store_test, refuses_another_node_or_cluster_than_its_own) {
  ASSERT_TRUE(drv.store->close());
  auto options = drv.options;
  start_report report;
  options.node_id = 2;
  auto other = log_store::open(options, report);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().what, fault::foreign);
  options.node_id = 1;
  options.cluster_id = "another";
  other = log_store::open(options, report);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().what, fault::foreign);
}

TEST_F(log_store_test, holds_a_reserve_of_disk_space) {
  ASSERT_TRUE(drv.store->close());
  drv.options.reserve_bytes = 1 << 20;
  drv.open();
  EXPECT_TRUE(drv.report.reserved);
  EXPECT_EQ(std::filesystem::file_size(folder / "reserve"), 1U << 20);
}

// -- flushes ------------------------------------------------------------------

TEST_F(log_store_test, places_entries_at_rising_positions) {
  auto done = drv.flush(
    {drv.append(1, {"a", "b"}), drv.append(2, {"c"}), drv.append(1, {"d"})});
  ASSERT_TRUE(done);
  EXPECT_EQ(done->entries, 4U);
  ASSERT_EQ(done->results.size(), 1U);
  auto& res = done->results[0];
  EXPECT_EQ(res.error, errc::none);
  ASSERT_EQ(res.placed.size(), 3U);
  EXPECT_EQ(res.placed[0].first, 1U);
  EXPECT_EQ(res.placed[0].first_index, 2U);
  EXPECT_EQ(res.placed[0].count, 2U);
  EXPECT_EQ(res.placed[1].first, 3U);
  EXPECT_EQ(res.placed[2].first, 4U);
  EXPECT_EQ(res.placed[2].first_index, 4U);
  ASSERT_EQ(res.finished.size(), 3U);
  EXPECT_EQ(res.finished[2].group, 1U);
  EXPECT_EQ(res.finished[2].job, 2U);
}

TEST_F(log_store_test, answers_every_batch_of_a_flush_by_itself) {
  log_batch a, b;
  a.jobs.push_back(drv.append(1, {"a"}));
  b.jobs.push_back(drv.append(2, {"b"}));
  const log_batch* batches[] = {&a, &b};
  write_batch all;
  all.batches = batches;
  auto done = drv.store->flush(all);
  ASSERT_TRUE(done);
  ASSERT_EQ(done->results.size(), 2U);
  EXPECT_EQ(done->results[0].finished[0].group, 1U);
  EXPECT_EQ(done->results[1].finished[0].group, 2U);
  EXPECT_EQ(done->results[1].placed[0].first, 2U);
}

TEST_F(log_store_test, finds_the_tail_and_the_vote_after_a_crash) {
  auto job = drv.append(3, {"a", "b"});
  job.vote = raft::hard_state{7, 4};
  ASSERT_TRUE(drv.flush({job}));
  drv.open(); // no close before: as after a kill
  EXPECT_EQ(drv.tail(3), (texts{"a", "b"}));
  auto start = restored_of(drv.start_of(3));
  EXPECT_EQ(start.hs, (raft::hard_state{7, 4}));
  EXPECT_EQ(start.last, 3U);
  EXPECT_EQ(start.applied, 1U);
  EXPECT_EQ(start.terms, (std::vector<raft::term_run>{{1, 1}, {2, 2}}));
  EXPECT_EQ(start.log_time, drv.start_of(3).tail.back().log_time);
  EXPECT_EQ(drv.start_of(3).tail[1].pos, 2U);
  EXPECT_EQ(drv.report.next_position, 3U);
}

TEST_F(log_store_test, stamps_its_own_rep_into_the_row_and_not_the_record) {
  auto job = drv.append(5, {"a"});
  job.append[0].bytes = shared_bytes{job.append[0].bytes};
  auto before = record::peek(job.append[0].bytes.span()).rep;
  ASSERT_TRUE(drv.flush({job}));
  EXPECT_EQ(record::peek(job.append[0].bytes.span()).rep, before);
  drv.open();
  auto rec = drv.start_of(5).tail[0].entry.bytes.span();
  EXPECT_EQ(record::peek(rec).rep, drv.start_of(5).row.rep);
  EXPECT_TRUE(record::read(rec));
}

// -- cuts ---------------------------------------------------------------------

TEST_F(log_store_test, leaves_what_a_cut_covers_out_of_the_tail) {
  ASSERT_TRUE(drv.flush({drv.append(1, {"a", "b", "c"})}));
  ASSERT_TRUE(drv.flush_cut(drv.cut(1, 3)));
  drv.open();
  EXPECT_EQ(drv.start_of(1).cut.applied, 3U);
  EXPECT_EQ(drv.tail(1), texts{"c"});
  EXPECT_EQ(drv.report.clean_pos, 2U);
}

TEST_F(log_store_test, never_puts_the_clean_position_above_another_tail) {
  ASSERT_TRUE(drv.flush(
    {drv.append(1, {"a"}), drv.append(2, {"x"}), drv.append(1, {"b"})}));
  ASSERT_TRUE(drv.flush_cut(drv.cut(1, 3)));
  drv.open();
  EXPECT_EQ(drv.report.clean_pos, 1U);
  EXPECT_EQ(drv.tail(1), texts{});
  EXPECT_EQ(drv.tail(2), texts{"x"});
}

TEST_F(log_store_test, goes_on_above_the_clean_position_of_an_empty_log) {
  ASSERT_TRUE(drv.flush({drv.append(1, {"a", "b"})}));
  ASSERT_TRUE(drv.flush_cut(drv.cut(1, 3)));
  ASSERT_EQ(number("SELECT count(*) FROM log"), 2);
  {
    auto db = connection::open({.path = folder / "store.db"});
    ASSERT_TRUE(db);
    ASSERT_TRUE(db->run("DELETE FROM log")); // as retention does
  }
  drv.open();
  EXPECT_EQ(drv.report.clean_pos, 2U);
  EXPECT_EQ(drv.report.next_position, 3U);
}

TEST_F(log_store_test, writes_cut_fold_and_entries_in_one_flush) {
  ASSERT_TRUE(drv.flush({drv.append(1, {"a"})}));
  auto cut = drv.cut(1, 2);
  auto rep = cut.rep;
  cut.puts.push_back({table::head, {chan_key(rep, 1), byte_vector(8)}});
  state_change fold;
  fold.what = state_change::kind::fold;
  fold.rep = rep;
  fold.group = 1;
  fold.drops.push_back({table::head, {chan_key(rep, 1)}});
  fold.puts.push_back({table::ix, {ix_key(rep, 1, 0), byte_vector(8)}});
  log_batch batch;
  batch.jobs.push_back(drv.append(1, {"b"}));
  const log_batch* batches[] = {&batch};
  ASSERT_TRUE(drv.store->flush({&cut, &fold, batches, {}}));
  EXPECT_EQ(number("SELECT count(*) FROM head"), 0);
  EXPECT_EQ(number("SELECT count(*) FROM ix"), 1);
  EXPECT_EQ(number("SELECT applied FROM cut WHERE rep = 2"), 2);
  EXPECT_EQ(number("SELECT count(*) FROM log"), 2);
}

// -- the table of set-aside events --------------------------------------------

TEST_F(log_store_test, keeps_the_newest_thousand_quarantined_events) {
  std::vector<quarantined_event> events(700);
  for (auto& x : events)
    x = {1, "user", 10, "threw", as_bytes("body")};
  for (int i = 0; i < 2; ++i) {
    write_batch all;
    all.quarantined = events;
    ASSERT_TRUE(drv.store->flush(all));
  }
  EXPECT_EQ(number("SELECT count(*) FROM quarantine"),
            static_cast<std::int64_t>(limits::quarantine_rows_max));
  EXPECT_EQ(number("SELECT max(no) FROM quarantine"), 1'400);
}

// -- checkpoints --------------------------------------------------------------

TEST_F(log_store_test, moves_the_log_only_when_it_is_long_enough) {
  ASSERT_TRUE(drv.store->close());
  drv.options.checkpoint_pages = 16;
  drv.open();
  ASSERT_TRUE(drv.flush({drv.append(1, {"a"})}));
  auto done = drv.store->checkpoint_if_due();
  ASSERT_TRUE(done);
  EXPECT_FALSE(*done);
  std::string large(200'000, 'x');
  ASSERT_TRUE(drv.flush({drv.append(1, {large})}));
  EXPECT_GE(drv.store->wal_pages(), 16U);
  done = drv.store->checkpoint_if_due();
  ASSERT_TRUE(done);
  ASSERT_TRUE(*done);
  EXPECT_TRUE((*done)->complete);
  ASSERT_TRUE(drv.flush({drv.append(1, {"b"})})); // begins the log anew
  EXPECT_LT(drv.store->wal_pages(), 16U);
}

TEST_F(log_store_test, empties_the_write_ahead_log_at_the_end) {
  ASSERT_TRUE(drv.flush({drv.append(1, {"a"})}));
  EXPECT_GT(std::filesystem::file_size(folder / "store.db-wal"), 0U);
  ASSERT_TRUE(drv.store->close());
  auto wal = folder / "store.db-wal";
  auto left
    = std::filesystem::exists(wal) ? std::filesystem::file_size(wal) : 0;
  EXPECT_EQ(left, 0U);
  drv.open();
  EXPECT_EQ(drv.tail(1), texts{"a"});
}

// -- a full disk --------------------------------------------------------------

TEST_F(log_store_test, undoes_a_flush_for_which_there_is_no_room) {
  ASSERT_TRUE(drv.flush({drv.append(1, {"a", "b"})}));
  ASSERT_TRUE(drv.store->close());
  drv.options.pages_max = 60;
  drv.open();
  std::string large(900'000, 'x');
  auto job = drv.replace(1, 3, {"c", large});
  auto done = drv.flush({job});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().what, fault::full);
  // The very same store goes on where it was.
  drv.maker(1).head().index = 3;
  auto small = drv.append(1, {"d"});
  auto again = drv.flush({small});
  ASSERT_TRUE(again) << again.error().context;
  EXPECT_EQ(again->results[0].placed[0].first, 3U);
  drv.open();
  EXPECT_EQ(drv.tail(1), (texts{"a", "b", "d"}));
}

} // namespace jindou::storage
