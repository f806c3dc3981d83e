#include "storage/store_start.hpp"

#include "messages/hex.hpp"
#include "messages/limits.hpp"
#include "messages/mutant.hpp"
#include "storage/data_folder.hpp"
#include "storage/row_writer.hpp"
#include "storage/start_rows.hpp"
#include "storage/tail_scan.hpp"

#include <filesystem>
#include <map>
#include <sys/random.h>

namespace jindou::storage {

namespace {

// -- identity -----------------------------------------------------------------

row_put meta_row(std::string name, value x) {
  return {table::store_meta, {std::move(name), std::move(x)}};
}

/// Names and numbers of a new store.
result<std::vector<row_put>> identity_rows(const store_options& x) {
  auto uuid = random_name();
  if (!uuid)
    return uuid.error();
  auto cluster = x.cluster_id.empty() ? random_name() : x.cluster_id;
  if (!cluster)
    return cluster.error();
  return std::vector<row_put>{
    meta_row("data_uuid", *uuid), meta_row("cluster_id", *cluster),
    meta_row("node_id", std::int64_t{x.node_id == 0 ? 1 : x.node_id}),
    meta_row("boot_id", std::int64_t{1}),
    meta_row("clean_pos", std::int64_t{0})};
}

// -- the first replicas -------------------------------------------------------

/// Every node of a new cluster writes the same mark: index 1, term 1, these
/// members.
void add_replica(std::vector<row_put>& out, group_id group, node_id self) {
  replica_row row;
  row.rep = static_cast<rep_t>(group + 1);
  row.group = group;
  row.replica_id = group + 1;
  row.hard_state.term = 1;
  row.first_members = {1, {{row.replica_id, self, raft::member_role::voter}}};
  cut_row cut;
  cut.rep = row.rep;
  cut.members = row.first_members;
  cut.terms = {{1, 1}};
  out.push_back(put_of(row));
  out.push_back(put_of(cut));
}

result<void> make_store(connection& db, const store_options& x) {
  auto rows = identity_rows(x);
  if (!rows)
    return rows.error();
  for (group_id group = 0; group <= x.data_groups; ++group)
    add_replica(*rows, group, x.node_id == 0 ? 1 : x.node_id);
  row_writer writer{db};
  for (auto& row : *rows)
    if (auto done = writer.put(row); !done)
      return done;
  return {};
}

result<void> bring_up_to_date(connection& db, std::int64_t found,
                              const store_options& x) {
  auto tx = transaction::begin(db);
  if (!tx)
    return tx.error();
  if (auto done = schema::migrate(db, found); !done)
    return done;
  if (found == 0)
    if (auto done = make_store(db, x); !done)
      return done;
  return tx->commit();
}

/// After a failed fsync the process that is started again sees the commit that
/// was rolled back: only what has reached the main file counts (W8).
result<void> empty_log(connection& db) {
  JINDOU_MUTANT_POINT("no-checkpoint-at-start", return {});
  auto emptied = db.checkpoint(checkpoint_mode::truncate);
  if (!emptied)
    return emptied.error();
  if (!emptied->complete)
    return error{fault::locked, 0, 0, "somebody else has the store open"};
  return {};
}

// -- reading ------------------------------------------------------------------

std::uint64_t number(const statement& row, int column) {
  return static_cast<std::uint64_t>(row.integer(column));
}

result<void> read_identity(connection& db, start_report& report) {
  statement rows{db, "SELECT name, value FROM store_meta"};
  for (;;) {
    auto more = rows.step();
    if (!more)
      return more.error();
    if (!*more)
      return {};
    auto name = rows.text(0);
    if (name == "data_uuid")
      report.data_uuid = rows.text(1);
    else if (name == "cluster_id")
      report.cluster_id = rows.text(1);
    else if (name == "node_id")
      report.node_id = static_cast<node_id>(rows.integer(1));
    else if (name == "boot_id")
      report.boot_id = number(rows, 1);
    else if (name == "clean_pos")
      report.clean_pos = number(rows, 1);
  }
}

result<void> count_boot(connection& db, start_report& report) {
  if (report.created)
    return {}; // the first boot came with the rows
  row_writer writer{db};
  ++report.boot_id;
  auto boot = static_cast<std::int64_t>(report.boot_id);
  if (auto done = writer.put(meta_row("boot_id", boot)); !done)
    return done;
  for (auto& x : report.replicas) {
    auto fresh = x.row.state == replica_state::active && !x.healthy();
    if (!fresh)
      continue;
    x.row.state = replica_state::quarantined;
    if (auto done = writer.set_aside(x.row.rep); !done)
      return done;
  }
  return {};
}

result<void> check_identity(const store_options& x, const start_report& found) {
  if (x.node_id != 0 && x.node_id != found.node_id)
    return error{fault::foreign, 0, 0,
                 "the store belongs to node " + std::to_string(found.node_id)};
  if (!x.cluster_id.empty() && x.cluster_id != found.cluster_id)
    return error{fault::foreign, 0, 0,
                 "the store belongs to cluster " + found.cluster_id};
  return {};
}

// -- room ---------------------------------------------------------------------

/// A new store is not begun where it could not go on, nor in place of one that
/// was to be restored.
result<void> check_room(const data_folder& folder, const store_options& x) {
  if (folder.has_store())
    return {};
  std::error_code ignored;
  if (std::filesystem::exists(folder.restoring_path(), ignored))
    return error{fault::foreign, 0, 0,
                 "a restore into it was interrupted: remove the directory and "
                 "restore again"};
  auto free = folder.free_bytes();
  if (!free)
    return free.error();
  auto wanted = x.free_min + x.reserve_bytes;
  if (x.free_min == 0 || *free >= wanted)
    return {};
  return error{fault::full, 0, 0,
               std::to_string(*free >> 20) + " MiB are free, a new store wants "
                 + std::to_string(wanted >> 20) + " MiB"};
}

} // namespace

result<std::string> random_name() {
  std::uint8_t bytes[16];
  if (::getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
    return error{fault::io, 0, 0, "no random bytes"};
  return hex_of(std::as_bytes(std::span{bytes}));
}

std::string validate(const store_options& x) {
  if (x.dir.empty())
    return "the data directory has no name";
  if (x.node_id > 1'023)
    return "node.id must be 1 to 1023";
  if (x.data_groups < 1 || x.data_groups > limits::slots)
    return "cluster.groups must be 1 to 1024";
  if (x.checkpoint_pages < 16)
    return "a checkpoint needs at least 16 pages";
  return {};
}

result<connection> open_store(const std::string& path, const store_options& x,
                              start_report& report) {
  auto db = connection::open(
    {.path = path, .vfs = x.vfs, .create = true, .cache_kib = x.cache_kib});
  if (!db)
    return db;
  auto found = schema::check(*db);
  if (!found)
    return found.error();
  if (auto done = db->use_wal(); !done)
    return done.error();
  if (x.pages_max != 0)
    if (auto done
        = db->run("PRAGMA max_page_count=" + std::to_string(x.pages_max));
        !done)
      return done.error();
  if (auto done = empty_log(*db); !done)
    return done.error();
  report.created = *found == 0;
  if (*found < schema::version)
    if (auto done = bring_up_to_date(*db, *found, x); !done)
      return done.error();
  return db;
}

result<void> read_store(connection& db, const store_options& x,
                        start_report& report) {
  auto tx = transaction::begin(db);
  if (!tx)
    return tx.error();
  if (auto done = read_identity(db, report); !done)
    return done;
  if (auto done = check_identity(x, report); !done)
    return done;
  if (auto done = read_replicas(db, report); !done)
    return done;
  if (auto done = read_cuts(db, report); !done)
    return done;
  if (auto done = read_tails(db, report); !done)
    return done;
  if (auto done = count_boot(db, report); !done)
    return done;
  return tx->commit();
}

result<connection> start_store(data_folder& folder, const store_options& x,
                               start_report& report) {
  auto attempt = [&]() -> result<connection> {
    auto db = open_store(folder.store_path(), x, report);
    if (!db)
      return db;
    if (auto done = read_store(*db, x, report); !done)
      return done.error();
    return db;
  };
  if (auto done = check_room(folder, x); !done)
    return done.error();
  auto db = attempt();
  if (db || db.error().what != fault::full)
    return db;
  if (folder.shrink_reserve(0) == 0)
    return db;
  report = {};
  return attempt();
}

} // namespace jindou::storage
