#include "storage/restore.hpp"

#include "messages/record.hpp"
#include "storage/data_folder.hpp"
#include "storage/plain_file.hpp"
#include "storage/row_writer.hpp"
#include "storage/store_start.hpp"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <unistd.h>

namespace jindou::storage {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t manifest_bytes_max = 4'096;

result<copy_manifest> read_manifest(const std::string& dir) {
  auto file = plain_file::open(copy_manifest_path(dir), plain_file::mode::read);
  if (std::error_code code; !fs::exists(dir, code))
    return error{fault::not_found, 0, 0, dir + " is not there"};
  if (!file && file.error().what == fault::not_found)
    return error{fault::corrupt, 0, 0,
                 dir + " holds no whole backup: it has no backup.txt"};
  if (!file)
    return file.error();
  byte_vector bytes(manifest_bytes_max);
  auto n = file->read(bytes);
  if (!n)
    return n.error();
  return parse_manifest(as_text(byte_span{bytes}.first(*n)));
}

/// Copies the store and compares it with what the backup says of itself.
result<void> copy_store(const std::string& from, const std::string& to,
                        const copy_manifest& wanted,
                        const progress_fun& progress) {
  auto source = plain_file::open(from, plain_file::mode::read);
  if (!source)
    return source.error();
  auto target = plain_file::open(to, plain_file::mode::create);
  if (!target)
    return target.error();
  copy_manifest found;
  byte_vector chunk(1 << 20);
  for (;;) {
    auto n = source->read(chunk);
    if (!n)
      return n.error();
    if (*n == 0)
      break;
    auto some = byte_span{chunk}.first(*n);
    if (auto done = target->write(some); !done)
      return done;
    found.crc = record::crc32c(some, found.crc);
    found.bytes += *n;
    if (!progress(found.bytes, wanted.bytes))
      return error{fault::io, 0, 0, "the restore was given up"};
  }
  if (found.bytes != wanted.bytes || found.crc != wanted.crc)
    return error{fault::corrupt, 0, 0,
                 from + " differs from what backup.txt says: "
                   + std::to_string(found.bytes) + " bytes of "
                   + std::to_string(wanted.bytes)
                   + (found.bytes == wanted.bytes ? ", changed" : "")};
  return target->sync();
}

/// The only voter of its group, under a new id.
bool rename_member(raft::membership& x, raft::replica_id before,
                   raft::replica_id after) {
  if (x.all.size() != 1 || x.all[0].id != before)
    return false;
  x.all[0].id = after;
  return true;
}

/// A copy must not vote as the replica that it was made from.
result<void> rename_replica(row_writer& rows, replica_start& x,
                            raft::replica_id offset) {
  auto before = x.row.replica_id;
  auto after = before + offset;
  if (!rename_member(x.row.first_members, before, after)
      || !rename_member(x.cut.members, before, after))
    return error{fault::foreign, 0, 0,
                 "group " + std::to_string(x.row.group)
                   + " has other voters; a cluster is not restored this way"};
  x.row.replica_id = after;
  x.row.hard_state.vote = 0;
  if (auto done = rows.put(put_of(x.row)); !done)
    return done;
  return rows.put(put_of(x.cut));
}

result<std::string> give_identity(connection& db) {
  start_report report;
  if (auto done = read_store(db, {}, report); !done)
    return done.error();
  auto tx = transaction::begin(db);
  if (!tx)
    return tx.error();
  auto uuid = random_name();
  if (!uuid)
    return uuid;
  row_writer rows{db};
  if (auto done = rows.put({table::store_meta, {"data_uuid", *uuid}}); !done)
    return done.error();
  // Above every id that a node has given out by itself, different each time.
  auto offset = (std::stoull(uuid->substr(0, 10), nullptr, 16) + 1) << 16;
  for (auto& x : report.replicas) {
    if (!x.healthy())
      continue; // stays what it is: damaged
    if (auto done = rename_replica(rows, x, offset); !done)
      return done.error();
  }
  if (auto done = tx->commit(); !done)
    return done.error();
  return uuid;
}

result<std::string> adopt(const std::string& path) {
  start_report report;
  auto db = open_store(path, {}, report);
  if (!db)
    return db.error();
  if (report.created)
    return error{fault::corrupt, 0, 0, "the backup is empty"};
  auto uuid = give_identity(*db);
  if (!uuid)
    return uuid;
  auto moved = db->checkpoint(checkpoint_mode::truncate);
  if (!moved)
    return moved.error();
  return uuid;
}

result<void> rename_file(const std::string& from, const std::string& to) {
  for (auto* x : {"-wal", "-shm"})
    ::unlink((from + x).c_str());
  if (std::rename(from.c_str(), to.c_str()) != 0)
    return system_error(errno, "rename " + from);
  return {};
}

result<void> check_empty(const std::string& dir) {
  std::error_code code;
  if (!fs::exists(dir, code) || fs::is_empty(dir, code))
    return {};
  return error{fault::foreign, 0, 0,
               dir + " is not empty; a restore makes a new directory"};
}

result<restored_store> fill(const data_folder& folder,
                            const std::string& backup_dir,
                            const std::string& data_dir,
                            const copy_manifest& manifest,
                            const progress_fun& progress) {
  auto path = folder.restoring_path();
  auto done = copy_store(copy_store_path(backup_dir), path, manifest, progress);
  if (!done)
    return done.error();
  auto uuid = adopt(path);
  if (!uuid)
    return uuid.error();
  if (done = rename_file(path, folder.store_path()); !done)
    return done.error();
  if (done = sync_folder(data_dir); !done)
    return done.error();
  return restored_store{*uuid, manifest.bytes};
}

} // namespace

result<restored_store> restore(const std::string& backup_dir,
                               const std::string& data_dir,
                               const progress_fun& progress) {
  auto manifest = read_manifest(backup_dir);
  if (!manifest)
    return manifest.error();
  if (auto done = check_empty(data_dir); !done)
    return done.error();
  auto folder = data_folder::open(data_dir);
  if (!folder)
    return folder.error();
  auto res = fill(*folder, backup_dir, data_dir, *manifest, progress);
  if (!res) // what is half may not look like something
    for (auto* x : {"/store.restoring", "/store.restoring-wal",
                    "/store.restoring-shm", "/LOCK"})
      ::unlink((data_dir + x).c_str());
  return res;
}

} // namespace jindou::storage
