#pragma once

#include "storage/work.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace jindou::storage {

/// A file that is read or written from its begin to its end. Never the store
/// while SQLite has it open: closing this would drop SQLite's locks.
class plain_file {
public:
  enum class mode { read, create };

  /// Errors: `fault::not_found`, `readonly`, `full`, `io`.
  static result<plain_file> open(const std::string& path, mode m);

  plain_file(plain_file&& x) noexcept;
  plain_file& operator=(plain_file&&) = delete;
  ~plain_file();

  /// Returns how many bytes were read, 0 = the end.
  result<std::size_t> read(std::span<std::byte> to);
  result<void> write(byte_span bytes);
  result<void> sync();
  result<std::uint64_t> size() const;

private:
  plain_file(std::string path, int fd) : path_(std::move(path)), fd_(fd) {
    // nop
  }

  error failed(const char* what) const;

  std::string path_;
  int fd_ = -1;
};

/// Makes the names in a directory durable.
result<void> sync_folder(const std::string& path);

/// Translates an errno.
error system_error(int code, const std::string& what);

} // namespace jindou::storage
