#include "tests/tidy/source_tree.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <regex>

// A document that names a file which is gone is false.

namespace fs = std::filesystem;

namespace jindou::tidy {
namespace {

/// Returns what `[text](target)` and `` `room/file.cpp` `` name.
std::vector<std::string> named_files(const std::string& line) {
  static const std::regex link{R"(\]\(([^)#: ]+)(#[^)]*)?\))"};
  static const std::regex code{
    R"(`((messages|storage|cluster|actors|configs|apps|tests|scripts|docs)/[A-Za-z0-9_./-]+\.(hpp|cpp|md|sh|conf|json|cmake))`)"};
  std::vector<std::string> found;
  for (auto& pattern : {link, code})
    for (std::sregex_iterator i{line.begin(), line.end(), pattern}, end;
         i != end; ++i)
      found.push_back((*i)[1]);
  return found;
}

/// A name counts from the root or from the document's folder.
bool exists(const std::string& document, const std::string& name) {
  auto root = fs::path{JINDOU_SOURCE_DIR};
  return fs::exists(root / name)
         || fs::exists((root / document).parent_path() / name);
}

findings name_faults(const source& x) {
  findings found;
  auto lines = lines_of(x.text);
  for (std::size_t i = 0; i < lines.size(); ++i)
    for (auto& name : named_files(lines[i]))
      if (!exists(x.path, name))
        found.push_back(finding(x.path, i + 1, "there is no " + name));
  return found;
}

TEST(documents_test, names_only_files_that_exist) {
  findings all;
  for (auto& x : all_texts())
    if (ends_with(x.path, ".md")) {
      auto found = name_faults(x);
      all.insert(all.end(), found.begin(), found.end());
    }
  EXPECT_TRUE(all.empty()) << joined(all);
}

TEST(documents_test, finds_a_file_that_is_gone) {
  EXPECT_FALSE(name_faults({"README.md", "see [it](docs/gone.md)"}).empty());
  EXPECT_FALSE(name_faults({"README.md", "in `storage/gone.cpp`"}).empty());
  EXPECT_TRUE(name_faults({"README.md", "[x](https://example.org)"}).empty());
  EXPECT_TRUE(name_faults({"README.md", "[x](Makefile)"}).empty());
  EXPECT_TRUE(name_faults({"configs/README.md", "[x](single.conf)"}).empty());
}

TEST(documents_test, has_a_readme_in_every_room) {
  for (auto room :
       {"messages", "storage", "cluster", "actors", "configs", "apps", "tests"})
    EXPECT_TRUE(fs::exists(fs::path{JINDOU_SOURCE_DIR} / room / "README.md"))
      << room;
}

} // namespace
} // namespace jindou::tidy
