#pragma once

#include "storage/copy_manifest.hpp"

#include <string>

namespace jindou::storage {

/// What a restore made.
struct restored_store {
  std::string data_uuid;
  std::uint64_t bytes = 0;
};

/// Makes a data directory from a backup: the same messages, a new identity. The
/// store gets its name last, so an interrupted restore leaves none.
/// Errors: `fault::corrupt` for a backup that is not whole, `foreign` for a
///         directory with something in it, `newer_schema`, `locked`, `full`
///         and those of the disk.
result<restored_store> restore(const std::string& backup_dir,
                               const std::string& data_dir,
                               const progress_fun& progress);

} // namespace jindou::storage
