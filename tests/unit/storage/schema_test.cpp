#include "storage/log_store.hpp"
#include "storage/schema.hpp"
#include "tests/support/store_driver.hpp"
#include "tests/support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace jindou::storage {

namespace {

class schema_test : public testing::Test {
protected:
  /// A database made by `sql`, as some program would have left it.
  void make(const std::string& sql) {
    auto db = connection::open({.path = folder / "store.db", .create = true});
    ASSERT_TRUE(db);
    auto done = db->run(sql);
    ASSERT_TRUE(done) << done.error().context;
  }

  fault refusal() {
    start_report report;
    auto res = log_store::open(drv.options, report);
    return res ? fault::none : res.error().what;
  }

  std::int64_t number(const char* sql) {
    auto db = connection::open({.path = folder / "store.db"});
    EXPECT_TRUE(db);
    auto res = db->number(sql);
    EXPECT_TRUE(res);
    return res ? *res : -1;
  }

  test::temp_folder folder;
  test::store_driver drv{folder.path()};
};

std::string golden(const char* name) {
  std::ifstream in{std::string{JINDOU_SOURCE_DIR "/tests/golden/"} + name};
  std::ostringstream res;
  res << in.rdbuf();
  return res.str();
}

} // namespace

TEST_F(schema_test, describes_every_table_as_it_is) {
  drv.open();
  drv.store.reset();
  auto db = connection::open({.path = folder / "store.db"});
  ASSERT_TRUE(db);
  for (std::size_t i = 0; i < schema::table_count; ++i) {
    auto& shape = schema::shape_of(static_cast<table>(i));
    auto name = std::string{shape.name};
    auto columns
      = db->number("SELECT count(*) FROM pragma_table_info('" + name + "')");
    ASSERT_TRUE(columns);
    EXPECT_EQ(*columns, shape.columns) << name;
    statement key{*db, "SELECT name FROM pragma_table_info('" + name
                         + "') WHERE pk > 0 ORDER BY pk"};
    for (auto column : shape.key) {
      auto more = key.step();
      ASSERT_TRUE(more && *more) << name;
      EXPECT_EQ(key.text(0), column);
    }
    auto more = key.step();
    EXPECT_TRUE(more && !*more) << name;
  }
}

TEST_F(schema_test, has_the_same_tables_as_the_golden_store) {
  make(golden("schema-1.sql"));
  auto list = "SELECT group_concat(replace(replace(sql, ' ', ''), char(10), "
              "''), ';') FROM (SELECT sql FROM sqlite_master WHERE sql NOT "
              "NULL ORDER BY type, name)";
  auto text = [&](const std::string& path) {
    auto db = connection::open({.path = path});
    EXPECT_TRUE(db);
    statement query{*db, list};
    EXPECT_TRUE(query.step());
    return std::string{query.text(0)};
  };
  test::temp_folder fresh;
  test::store_driver other{fresh.path()};
  other.open();
  other.store.reset();
  EXPECT_EQ(text(folder / "store.db"), text(fresh / "store.db"));
}

TEST_F(schema_test, opens_the_golden_store_of_schema_1) {
  make(golden("schema-1.sql"));
  drv.open();
  EXPECT_FALSE(drv.report.created);
  EXPECT_EQ(drv.report.node_id, 5U);
  EXPECT_EQ(drv.report.cluster_id, "golden-cluster");
  EXPECT_EQ(drv.report.boot_id, 42U);
  ASSERT_EQ(drv.report.replicas.size(), 2U);
  auto& x = drv.start_of(1);
  EXPECT_TRUE(x.healthy()) << x.quarantine_reason;
  EXPECT_EQ(x.row.hard_state, (raft::hard_state{2, 2}));
  EXPECT_EQ(x.cut.applied, 2U);
  EXPECT_EQ(drv.tail(1), std::vector<std::string>{"second"});
  drv.store.reset();
  EXPECT_EQ(number("PRAGMA user_version"), schema::version);
}

TEST_F(schema_test, makes_the_tables_in_a_file_of_version_0) {
  make("PRAGMA application_id=" + std::to_string(schema::application_id));
  drv.open();
  EXPECT_TRUE(drv.report.created);
  EXPECT_EQ(drv.report.replicas.size(), 33U);
  drv.store.reset();
  EXPECT_EQ(number("PRAGMA user_version"), schema::version);
  EXPECT_EQ(number("PRAGMA page_size"), 4'096) << "made before us";
}

TEST_F(schema_test, has_a_migration_from_every_older_version) {
  auto all = schema::migrations();
  ASSERT_EQ(static_cast<std::int64_t>(all.size()), schema::version);
  for (std::size_t i = 0; i < all.size(); ++i)
    EXPECT_EQ(all[i].from, static_cast<std::int64_t>(i));
}

TEST_F(schema_test, refuses_a_newer_store_and_leaves_it_alone) {
  drv.open();
  drv.store.reset();
  make("PRAGMA user_version=" + std::to_string(schema::version + 1));
  EXPECT_EQ(refusal(), fault::newer_schema);
  EXPECT_EQ(number("PRAGMA user_version"), schema::version + 1);
}

TEST_F(schema_test, refuses_the_file_of_another_program_and_leaves_it_alone) {
  make("PRAGMA application_id=7; CREATE TABLE t(x)");
  EXPECT_EQ(refusal(), fault::foreign);
  auto db = connection::open({.path = folder / "store.db"});
  ASSERT_TRUE(db);
  statement mode{*db, "PRAGMA journal_mode"};
  ASSERT_TRUE(mode.step());
  EXPECT_EQ(mode.text(0), "delete");
}

TEST_F(schema_test, refuses_a_file_that_has_tables_but_no_application) {
  make("CREATE TABLE t(x)");
  EXPECT_EQ(refusal(), fault::foreign);
}

TEST_F(schema_test, refuses_a_file_that_is_no_database) {
  std::ofstream{folder / "store.db"} << std::string(10'000, 'x');
  EXPECT_EQ(refusal(), fault::corrupt);
}

} // namespace jindou::storage
