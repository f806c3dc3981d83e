#include "storage/schema.hpp"

#include <array>

namespace jindou::storage::schema {

namespace {

constexpr std::string_view schema_1 = R"sql(
CREATE TABLE log(pos INTEGER PRIMARY KEY, rec BLOB NOT NULL) STRICT;
CREATE TABLE ix(k INTEGER PRIMARY KEY, b BLOB NOT NULL) STRICT;
CREATE TABLE head(k INTEGER PRIMARY KEY, b BLOB NOT NULL) STRICT;
CREATE TABLE journal(k INTEGER PRIMARY KEY, b BLOB NOT NULL) STRICT;
CREATE TABLE dedupe(k INTEGER PRIMARY KEY, b BLOB NOT NULL) STRICT;
CREATE TABLE replica(
  rep INTEGER PRIMARY KEY, grp INTEGER NOT NULL, replica_id INTEGER NOT NULL,
  state INTEGER NOT NULL, term INTEGER NOT NULL, vote INTEGER NOT NULL,
  first_index INTEGER NOT NULL, first_term INTEGER NOT NULL,
  first_members BLOB NOT NULL) STRICT;
CREATE UNIQUE INDEX replica_one ON replica(grp) WHERE state IN (1,4);
CREATE TABLE cut(
  rep INTEGER PRIMARY KEY, cut_no INTEGER NOT NULL, applied INTEGER NOT NULL,
  applied_term INTEGER NOT NULL, digest INTEGER NOT NULL,
  log_time INTEGER NOT NULL, apply_schema INTEGER NOT NULL,
  feature_level INTEGER NOT NULL, members BLOB NOT NULL, terms BLOB NOT NULL,
  next_chan INTEGER NOT NULL, dd_first INTEGER NOT NULL,
  dd_next INTEGER NOT NULL, keep_from INTEGER NOT NULL,
  hook_cursor INTEGER NOT NULL, log_block BLOB NOT NULL) STRICT;
CREATE TABLE store_meta(name TEXT PRIMARY KEY, value ANY NOT NULL)
  STRICT, WITHOUT ROWID;
CREATE TABLE channel(
  k INTEGER PRIMARY KEY, rep INTEGER NOT NULL, type INTEGER NOT NULL,
  id TEXT NOT NULL, flags INTEGER NOT NULL, members INTEGER NOT NULL,
  denied INTEGER NOT NULL, allowed INTEGER NOT NULL,
  list_version INTEGER NOT NULL, created INTEGER NOT NULL,
  updated INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX channel_key ON channel(rep, type, id);
CREATE TABLE member(
  k INTEGER NOT NULL, list INTEGER NOT NULL, uid TEXT NOT NULL,
  since INTEGER NOT NULL, PRIMARY KEY(k, list, uid)) STRICT, WITHOUT ROWID;
CREATE TABLE msg_event(
  k INTEGER NOT NULL, client_msg_no TEXT NOT NULL, event_key TEXT NOT NULL,
  seq INTEGER NOT NULL, status INTEGER NOT NULL, body BLOB NOT NULL,
  PRIMARY KEY(k, client_msg_no, event_key)) STRICT, WITHOUT ROWID;
CREATE TABLE user(
  rep INTEGER NOT NULL, uid TEXT NOT NULL, plugin_no TEXT NOT NULL,
  created INTEGER NOT NULL, PRIMARY KEY(rep, uid)) STRICT, WITHOUT ROWID;
CREATE TABLE device(
  rep INTEGER NOT NULL, uid TEXT NOT NULL, flag INTEGER NOT NULL,
  level INTEGER NOT NULL, token TEXT NOT NULL, updated INTEGER NOT NULL,
  PRIMARY KEY(rep, uid, flag)) STRICT, WITHOUT ROWID;
CREATE TABLE conversation(
  rep INTEGER NOT NULL, uid TEXT NOT NULL, type INTEGER NOT NULL,
  id TEXT NOT NULL, kind INTEGER NOT NULL, read_to INTEGER NOT NULL,
  deleted_at INTEGER NOT NULL, created INTEGER NOT NULL,
  updated INTEGER NOT NULL, PRIMARY KEY(rep, uid, type, id))
  STRICT, WITHOUT ROWID;
CREATE TABLE control(
  rep INTEGER NOT NULL, name TEXT NOT NULL, value BLOB NOT NULL,
  PRIMARY KEY(rep, name)) STRICT, WITHOUT ROWID;
CREATE TABLE quarantine(
  no INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL,
  event INTEGER NOT NULL, reason TEXT NOT NULL, body BLOB NOT NULL) STRICT;
)sql";

/// The tables are the same; both formats of duplicates are read.
constexpr std::string_view schema_2;

constexpr std::array all_migrations{migration{0, schema_1},
                                    migration{1, schema_2}};

using names = std::span<const std::string_view>;

constexpr std::array<std::string_view, 1> key_pos{"pos"};
constexpr std::array<std::string_view, 1> key_k{"k"};
constexpr std::array<std::string_view, 1> key_rep{"rep"};
constexpr std::array<std::string_view, 1> key_name{"name"};
constexpr std::array<std::string_view, 1> key_no{"no"};
constexpr std::array<std::string_view, 3> key_member{"k", "list", "uid"};
constexpr std::array<std::string_view, 3> key_event{"k", "client_msg_no",
                                                    "event_key"};
constexpr std::array<std::string_view, 2> key_user{"rep", "uid"};
constexpr std::array<std::string_view, 3> key_device{"rep", "uid", "flag"};
constexpr std::array<std::string_view, 4> key_conversation{"rep", "uid", "type",
                                                           "id"};
constexpr std::array<std::string_view, 2> key_control{"rep", "name"};

// In the order of `table`.
constexpr std::array<shape, table_count> shapes{{
  {"log", key_pos, 2},
  {"ix", key_k, 2},
  {"head", key_k, 2},
  {"journal", key_k, 2},
  {"dedupe", key_k, 2},
  {"replica", key_rep, 9},
  {"cut", key_rep, 16},
  {"store_meta", key_name, 2},
  {"channel", key_k, 11},
  {"member", key_member, 4},
  {"msg_event", key_event, 6},
  {"user", key_user, 4},
  {"device", key_device, 6},
  {"conversation", key_conversation, 9},
  {"control", key_control, 3},
  {"quarantine", key_no, 6},
}};

} // namespace

std::span<const migration> migrations() {
  return all_migrations;
}

result<std::int64_t> check(connection& db) {
  auto app = db.number("PRAGMA application_id");
  if (!app)
    return app.error();
  auto found = db.number("PRAGMA user_version");
  if (!found)
    return found.error();
  auto objects = db.number("SELECT count(*) FROM sqlite_master");
  if (!objects)
    return objects.error();
  auto empty = *app == 0 && *found == 0 && *objects == 0;
  if (!empty && *app != application_id)
    return error{fault::foreign, 0, 0, "the file belongs to another program"};
  if (*found < 0 || *found > version)
    return error{fault::newer_schema, 0, 0,
                 "schema " + std::to_string(*found) + ", known "
                   + std::to_string(version)};
  return *found;
}

result<void> migrate(connection& db, std::int64_t from) {
  for (auto& step : all_migrations) {
    if (step.from < from)
      continue;
    auto done = db.run(std::string{step.sql});
    if (!done)
      return done;
  }
  return db.run("PRAGMA application_id=" + std::to_string(application_id)
                + ";PRAGMA user_version=" + std::to_string(version));
}

const shape& shape_of(table t) {
  return shapes[static_cast<std::size_t>(t)];
}

std::string insert_sql(table t) {
  auto& s = shape_of(t);
  // Plain for the log: a position taken twice is a bug that must show.
  std::string res = t == table::log ? "INSERT INTO " : "REPLACE INTO ";
  res += s.name;
  res += " VALUES(?";
  for (int i = 1; i < s.columns; ++i)
    res += ",?";
  return res + ")";
}

std::string drop_sql(table t, std::size_t columns) {
  auto& s = shape_of(t);
  std::string res = "DELETE FROM ";
  res += s.name;
  for (std::size_t i = 0; i < columns; ++i) {
    res += i == 0 ? " WHERE " : " AND ";
    res += s.key[i];
    res += "=?";
  }
  return res;
}

std::string drop_range_sql(table t) {
  auto& s = shape_of(t);
  std::string res = "DELETE FROM ";
  res += s.name;
  res += " WHERE ";
  res += s.key[0];
  return res + " BETWEEN ? AND ?";
}

} // namespace jindou::storage::schema
