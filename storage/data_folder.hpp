#pragma once

#include "storage/work.hpp"

#include <string>

namespace jindou::storage {

/// The data directory of one node: made if missing, locked for this process
/// alone, with a reserve of disk space for bad days.
class data_folder {
public:
  /// Errors: `fault::locked` when another process has it, `fault::readonly`,
  ///         `fault::io`.
  static result<data_folder> open(const std::string& path);

  data_folder(data_folder&& x) noexcept;
  data_folder& operator=(data_folder&& x) noexcept;
  ~data_folder();

  /// Makes the reserve file unless it has its size already. False: the file
  /// system has no room or cannot allocate ahead; what was there stays.
  bool reserve(std::uint64_t bytes);

  /// Frees what the reserve file has beyond `bytes`. Returns how much it was.
  std::uint64_t shrink_reserve(std::uint64_t bytes);

  /// Bytes that the file system has left for this process.
  /// Errors: `fault::io`.
  result<std::uint64_t> free_bytes() const;

  /// The store has been made, by this process or an earlier one.
  bool has_store() const;

  std::string store_path() const;

  /// Where a restore builds the store; there only while one is under way, or
  /// when one was interrupted.
  std::string restoring_path() const;

private:
  data_folder(std::string path, int lock)
      : path_(std::move(path)), lock_(lock) {
    // nop
  }

  std::string path_;
  int lock_ = -1;
};

} // namespace jindou::storage
