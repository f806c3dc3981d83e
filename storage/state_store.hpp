#pragma once

#include "storage/replica_store.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace jindou::storage {

struct state_options {
  /// The database file, opened for reading by this store.
  std::string path;
  std::string vfs;
  std::uint32_t cache_kib = 16'384;
  /// Bound of what clean channels take in memory.
  std::size_t clean_bytes_max = 64 << 20;
  dedupe_limits dedupe;
  /// Salt of the tables in memory; no replicated state.
  std::uint64_t salt = 0;
};

/// The applied state of all replicas of one applier, over one connection for
/// reading. For one thread.
class state_store {
public:
  /// Opens the connection and makes a store of each healthy replica; nothing
  /// of them is loaded yet.
  static result<std::unique_ptr<state_store>> open(const state_options& options,
                                                   const start_report& report);

  state_store(const state_store&) = delete;
  state_store& operator=(const state_store&) = delete;

  /// Returns the replica of a group; nullptr if there is none.
  replica_store* find(group_id group);

  const std::vector<replica_store*>& all() const {
    return all_;
  }

  std::size_t clean_bytes() const {
    return clean_.bytes();
  }

private:
  state_store(connection db, const state_options& options,
              const start_report& report);

  connection db_;
  state_tables tables_;
  clean_channels clean_;
  std::map<group_id, std::unique_ptr<replica_store>> replicas_;
  std::vector<replica_store*> all_;
};

} // namespace jindou::storage
