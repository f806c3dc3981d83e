#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace jindou::test {

/// An empty directory that goes with its scope.
class temp_folder {
public:
  temp_folder() {
    auto name
      = (std::filesystem::temp_directory_path() / "jindou-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
      std::abort();
    path_ = name;
  }

  temp_folder(const temp_folder&) = delete;
  temp_folder& operator=(const temp_folder&) = delete;

  ~temp_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::string& path() const {
    return path_;
  }

  std::string operator/(const std::string& name) const {
    return path_ + "/" + name;
  }

private:
  std::string path_;
};

} // namespace jindou::test
