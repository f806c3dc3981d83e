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
  /// system has no room or cannot allocate ahead.
  bool reserve(std::uint64_t bytes);

  std::string store_path() const;

private:
  data_folder(std::string path, int lock)
      : path_(std::move(path)), lock_(lock) {
    // nop
  }

  std::string path_;
  int lock_ = -1;
};

} // namespace jindou::storage
