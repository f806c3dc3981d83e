#pragma once

#include "storage/work.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace jindou::storage {

/// Hears how much of the work is done; returns whether to go on with it.
/// Units: bytes.
using progress_fun
  = std::function<bool(std::uint64_t done, std::uint64_t total)>;

/// What a backup says of itself. It is written last: a directory without one
/// holds no whole backup.
struct copy_manifest {
  std::uint64_t bytes = 0;
  std::uint32_t crc = 0;
  /// When it was finished, milliseconds since 1970.
  std::uint64_t made = 0;

  friend bool operator==(const copy_manifest&, const copy_manifest&) = default;
};

/// Lines of "name value".
std::string render(const copy_manifest& x);

/// Errors: `fault::corrupt`.
result<copy_manifest> parse_manifest(std::string_view text);

/// Files of a backup.
std::string copy_store_path(const std::string& dir);
std::string copy_manifest_path(const std::string& dir);

/// Makes the directory of a backup, for its owner alone; an empty one will do.
/// Errors: `fault::foreign` if something lies in it, `readonly`, `io`.
result<void> make_copy_folder(const std::string& dir);

/// Synchronises the copied store, sums it up, and writes the manifest.
/// Errors: those of the disk; `fault::io` when `progress` gives it up.
result<copy_manifest> seal_copy(const std::string& dir, std::uint64_t now_ms,
                                const progress_fun& progress);

} // namespace jindou::storage
