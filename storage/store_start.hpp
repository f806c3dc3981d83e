#pragma once

#include "storage/sqlite.hpp"

#include <cstdint>
#include <string>

namespace jindou::storage {

/// Everything that a store wants to be told.
struct store_options {
  /// The data directory; made if missing.
  std::string dir;
  /// Name of a registered VFS; empty = the system's.
  std::string vfs;
  /// Cache of the writing connection.
  std::uint32_t cache_kib = 65'536;
  std::uint32_t reader_cache_kib = 8'192;
  /// Pages in the write-ahead log that make a checkpoint due: 1 MiB.
  std::uint32_t checkpoint_pages = 128;
  /// Disk space held back for bad days; 0 = none.
  std::uint64_t reserve_bytes = 256 << 20;
  /// No new store is made with less than this free; 0 = no bound.
  std::uint64_t free_min = 0;
  /// Pages of 8 KiB that the store may grow to, as if the disk were full then;
  /// 0 = no bound but the disk.
  std::uint32_t pages_max = 0;
  /// 0 = what the store says; 1 in a new one.
  jindou::node_id node_id = 0;
  /// Empty = what the store says; random in a new one.
  std::string cluster_id;
  /// Groups beside the control group in a new store.
  std::uint32_t data_groups = 32;
};

/// A name that nobody else has: 128 random bits in hex.
result<std::string> random_name();

/// Says what is out of its bounds; empty = nothing.
std::string validate(const store_options& x);

/// Opens the one writing connection: refuses foreign and newer files, makes or
/// migrates the tables, empties the write-ahead log (W8).
/// Errors: `fault::foreign`, `newer_schema`, `locked`, and those of the disk.
result<connection> open_store(const std::string& path, const store_options& x,
                              start_report& report);

/// Reads identity, replicas, cuts and the tail of every replica; what does not
/// fit together puts its replica into quarantine. Then counts the boot. One
/// transaction.
/// Errors: `fault::corrupt` when damage cannot be pinned on a replica.
result<void> read_store(connection& db, const store_options& x,
                        start_report& report);

class data_folder;

/// Does both with the store of a directory. Without room the reserve makes
/// some: this is what it is for.
/// Errors: as above; `fault::full` for a new store where too little is free.
result<connection> start_store(data_folder& folder, const store_options& x,
                               start_report& report);

} // namespace jindou::storage
