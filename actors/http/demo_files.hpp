#pragma once

#include <map>
#include <string>
#include <string_view>

namespace jindou::actors::http {

/// One file of the demo page.
struct demo_file {
  std::string bytes;
  std::string_view content_type;
};

/// The demo page, read once. A request names a file of this table or nothing,
/// so no path of a request ever reaches the file system.
class demo_files {
public:
  /// No page.
  demo_files() = default;

  /// Reads the files of known kinds in `folder`, without its subfolders.
  /// Shape: at most 64 files of at most 4 MiB; others are left out.
  explicit demo_files(const std::string& folder);

  /// Returns the file for `/demo` or `/demo/NAME`, or null.
  const demo_file* find(std::string_view path) const;

private:
  std::map<std::string, demo_file, std::less<>> files_;
};

} // namespace jindou::actors::http
