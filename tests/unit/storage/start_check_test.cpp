#include "messages/hex.hpp"
#include "storage/sqlite.hpp"
#include "tests/support/store_driver.hpp"
#include "tests/support/temp_folder.hpp"

#include <gtest/gtest.h>

// Values in the rows of a replica that are well formed and cannot be: each of
// them stopped the whole node at every start.

namespace jindou::storage {

namespace {

using raft::member_role;

/// Group 1, replica 2 has four entries in terms 2 and 3; two are in the cut.
class start_check_test : public testing::Test {
protected:
  void SetUp() override {
    drv.open();
    ASSERT_TRUE(drv.flush({drv.append(1, {"a", "b"}), drv.append(2, {"x"})}));
    auto cut = drv.cut(1, 3);
    ++drv.maker(1).head().term;
    ASSERT_TRUE(drv.flush({drv.append(1, {"c", "d"})}));
    ASSERT_TRUE(drv.flush_cut(cut));
    drv.store.reset();
    run("UPDATE cut SET terms = " + runs({{1, 1}, {2, 2}}) + " WHERE rep = 2");
  }

  /// Changes the closed store behind its back.
  void run(const std::string& sql) {
    auto db = connection::open({.path = folder / "store.db"});
    ASSERT_TRUE(db);
    auto done = db->run(sql);
    ASSERT_TRUE(done) << done.error().context;
  }

  std::int64_t number(const std::string& sql) {
    auto db = connection::open({.path = folder / "store.db"});
    EXPECT_TRUE(db);
    auto res = db->number(sql);
    EXPECT_TRUE(res) << sql;
    return res ? *res : -1;
  }

  static std::string runs(const std::vector<raft::term_run>& x) {
    return "x'" + hex_of(encode(x)) + "'";
  }

  static std::string members(const std::vector<raft::member>& x) {
    return "x'" + hex_of(encode(raft::membership{1, x})) + "'";
  }

  /// Starts, and finds that group set aside for this reason and no other.
  void expect_aside(group_id group, const std::string& reason) {
    drv.open();
    EXPECT_EQ(drv.start_of(group).quarantine_reason, reason);
    EXPECT_EQ(drv.start_of(group).row.state, replica_state::quarantined);
    ASSERT_EQ(drv.report.replicas.size(), 33U);
    for (auto& x : drv.report.replicas)
      EXPECT_EQ(x.healthy(), x.row.group != group) << x.quarantine_reason;
    drv.store.reset();
  }

  void expect_aside(const std::string& change, const std::string& reason) {
    run(change);
    expect_aside(1, reason);
    EXPECT_EQ(number("SELECT state FROM replica WHERE rep = 2"), 4);
  }

  void set_terms(const std::vector<raft::term_run>& x,
                 const std::string& reason) {
    expect_aside("UPDATE cut SET terms = " + runs(x) + " WHERE rep = 2",
                 reason);
    run("UPDATE replica SET state = 1 WHERE rep = 2");
  }

  test::temp_folder folder;
  test::store_driver drv{folder.path()};
};

} // namespace

TEST_F(start_check_test, takes_a_replica_whose_rows_agree) {
  drv.open();
  for (auto& x : drv.report.replicas)
    EXPECT_TRUE(x.healthy()) << x.quarantine_reason;
  EXPECT_EQ(restored_of(drv.start_of(1)).terms,
            (std::vector<raft::term_run>{{1, 1}, {2, 2}, {4, 3}}));
}

TEST_F(start_check_test, stopped_the_node_for_runs_of_terms_that_do_not_rise) {
  auto reason = "cut row: runs of terms do not rise behind index ";
  set_terms({{1, 1}, {1, 2}}, reason + std::string{"1"});
  set_terms({{1, 1}, {3, 2}, {2, 3}}, reason + std::string{"3"});
  set_terms({{1, 2}, {2, 2}}, reason + std::string{"1"});
  set_terms({{1, 1}, {2, 3}, {3, 2}}, reason + std::string{"2"});
}

TEST_F(start_check_test, stopped_the_node_for_a_run_of_terms_above_the_cut) {
  set_terms({{1, 1}, {4, 2}}, "cut row: a run of terms begins at 4, above the "
                              "applied index 3");
}

TEST_F(start_check_test, stopped_the_node_for_a_run_of_a_term_not_reached) {
  set_terms({{1, 1}, {2, 3}}, "cut row: term 3 above the applied term 2");
}

TEST_F(start_check_test, wants_a_run_of_terms) {
  set_terms({}, "cut row: no run of terms");
}

TEST_F(start_check_test, stopped_the_node_for_a_term_below_the_cut) {
  expect_aside("UPDATE replica SET term = 1 WHERE rep = 2",
               "replica row: term 1 below the applied term 2");
}

TEST_F(start_check_test, stopped_the_node_for_a_term_below_the_tail) {
  expect_aside("UPDATE replica SET term = 2 WHERE rep = 2",
               "term above the replica's at position 4");
}

TEST_F(start_check_test, stopped_the_node_for_a_first_index_above_the_cut) {
  expect_aside("UPDATE replica SET first_index = 4 WHERE rep = 2",
               "replica row: first index 4 above the applied index 3");
}

TEST_F(start_check_test, stopped_the_node_for_another_first_term_than_the_run) {
  expect_aside("UPDATE replica SET first_term = 2 WHERE rep = 2",
               "replica row: first term 2 contradicts the runs of terms");
}

TEST_F(start_check_test, takes_runs_that_begin_behind_the_first_index) {
  run("UPDATE cut SET terms = " + runs({{2, 2}}) + " WHERE rep = 2");
  drv.open();
  EXPECT_TRUE(drv.start_of(1).healthy());
  drv.store.reset();
  expect_aside("UPDATE replica SET first_term = 3 WHERE rep = 2",
               "replica row: first term 3 contradicts the runs of terms");
}

TEST_F(start_check_test, waited_for_a_replica_that_is_not_its_only_voter) {
  raft::member self{2, 1, member_role::voter};
  raft::member other{7, 2, member_role::voter};
  raft::member idle{2, 1, member_role::learner};
  const std::vector<std::vector<raft::member>> wrong{
    {other}, {idle}, {self, other}, {self, self}};
  for (auto& all : wrong) {
    run("UPDATE replica SET first_members = " + members(all)
        + " WHERE rep = 2");
    expect_aside(1, "replica row: replica 2 is not the only voter");
    run("UPDATE replica SET state = 1, first_members = " + members({self})
        + " WHERE rep = 2");
    run("UPDATE cut SET members = " + members(all) + " WHERE rep = 2");
    expect_aside(1, "cut row: replica 2 is not the only voter");
    run("UPDATE replica SET state = 1 WHERE rep = 2");
    run("UPDATE cut SET members = " + members({self}) + " WHERE rep = 2");
  }
  idle.id = 8;
  run("UPDATE cut SET members = " + members({self, idle}) + " WHERE rep = 2");
  drv.open();
  EXPECT_TRUE(drv.start_of(1).healthy()) << "learners do no harm";
}

TEST_F(start_check_test, took_numbers_of_a_cut_that_are_out_of_range) {
  const std::vector<std::pair<std::string, std::string>> wrong{
    {"cut_no", "1099511627776"}, // a key of the next replica
    {"applied", "0"},
    {"applied_term", "-1"},
    {"log_time", "4398046511105"},  // would be stamped into every entry
    {"apply_schema", "4294967297"}, // 1 once it is cut short
    {"feature_level", "4294967296"},
    {"next_chan", "67108865"}, // a key of the next replica
    {"dd_first", "-1"},
    {"dd_next", "1099511627776"}, // a key of the next replica
    {"keep_from", "-1"},
    {"hook_cursor", "-1"},
  };
  std::size_t rep = 3;
  for (auto& [column, x] : wrong)
    run("UPDATE cut SET " + column + " = " + x
        + " WHERE rep = " + std::to_string(rep++));
  drv.open();
  group_id group = 2;
  for (auto& [column, x] : wrong)
    EXPECT_EQ(drv.start_of(group++).quarantine_reason,
              "cut row: " + column + " is " + x);
  EXPECT_TRUE(drv.start_of(1).healthy());
  EXPECT_TRUE(drv.start_of(group).healthy());
}

TEST_F(start_check_test, took_numbers_of_a_replica_that_are_out_of_range) {
  const std::vector<std::pair<std::string, std::string>> wrong{
    {"replica_id", "0"}, {"state", "9"},       {"term", "9223372036854775807"},
    {"vote", "-1"},      {"first_index", "0"}, {"first_term", "-7"},
  };
  std::size_t rep = 3;
  for (auto& [column, x] : wrong)
    run("UPDATE replica SET " + column + " = " + x
        + " WHERE rep = " + std::to_string(rep++));
  drv.open();
  group_id group = 2;
  for (auto& [column, x] : wrong)
    EXPECT_EQ(drv.start_of(group++).quarantine_reason,
              "replica row: " + column + " is " + x);
  EXPECT_TRUE(drv.start_of(1).healthy());
  EXPECT_TRUE(drv.start_of(group).healthy());
  drv.store.reset();
  EXPECT_EQ(number("SELECT count(*) FROM replica WHERE state = 4"), 6);
}

TEST_F(start_check_test, misplaced_all_groups_behind_a_number_without_a_group) {
  for (auto grp : {"500", "-1", "4294967297"}) {
    SCOPED_TRACE(grp);
    run("UPDATE replica SET state = 1, grp = " + std::string{grp}
        + " WHERE rep = 5");
    expect_aside(4, "replica row: grp is " + std::string{grp});
    EXPECT_EQ(drv.report.replicas[4].row.group, 4U);
  }
}

TEST_F(start_check_test, took_a_replica_for_another_whose_number_it_had) {
  run("UPDATE replica SET rep = 65536 + 4 WHERE rep = 5");
  drv.open();
  EXPECT_EQ(drv.start_of(4).quarantine_reason, "replica row: rep is 65540");
  EXPECT_TRUE(drv.start_of(3).healthy());
}

TEST_F(start_check_test, wrote_over_what_is_damaged) {
  expect_aside("UPDATE replica SET first_members = x'07' WHERE rep = 2",
               "members in the replica row damaged");
  EXPECT_EQ(number("SELECT first_members = x'07' FROM replica WHERE rep = 2"),
            1);
}

} // namespace jindou::storage
