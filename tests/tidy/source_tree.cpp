#include "tests/tidy/source_tree.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace fs = std::filesystem;

namespace jindou::tidy {

namespace {

constexpr std::array<std::string_view, 7> cpp_roots{
  "messages", "storage", "cluster", "actors", "configs", "apps", "tests"};

constexpr std::array<std::string_view, 13> text_endings{
  ".hpp", ".cpp", ".md", ".sh",   ".cmake", ".txt", ".conf",
  ".js",  ".mjs", ".ts", ".html", ".css",   ".yml"};

/// Folders that hold nothing of ours.
constexpr std::array<std::string_view, 5> skipped_folders{
  "build", "data", "node_modules", ".git", ".cache"};

bool is_skipped(const fs::path& path) {
  auto name = path.filename().string();
  return std::find(skipped_folders.begin(), skipped_folders.end(), name)
         != skipped_folders.end();
}

std::string read(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::string project_path(const fs::path& path) {
  return fs::relative(path, JINDOU_SOURCE_DIR).generic_string();
}

bool is_text(const std::string& path) {
  if (path == "Makefile" || path == ".ci/run")
    return true;
  return std::any_of(text_endings.begin(), text_endings.end(),
                     [&path](auto end) { return ends_with(path, end); });
}

std::vector<source> walk() {
  std::vector<source> found;
  fs::recursive_directory_iterator i{JINDOU_SOURCE_DIR};
  for (; i != fs::recursive_directory_iterator{}; ++i) {
    if (i->is_directory() && is_skipped(i->path()))
      i.disable_recursion_pending();
    else if (i->is_regular_file() && is_text(project_path(i->path())))
      found.push_back({project_path(i->path()), read(i->path())});
  }
  std::sort(found.begin(), found.end(),
            [](auto& a, auto& b) { return a.path < b.path; });
  return found;
}

bool is_cpp(const source& x) {
  auto root = std::string_view{x.path}.substr(0, x.path.find('/'));
  return (ends_with(x.path, ".hpp") || ends_with(x.path, ".cpp"))
         && std::find(cpp_roots.begin(), cpp_roots.end(), root)
              != cpp_roots.end();
}

} // namespace

const std::vector<source>& all_texts() {
  static const auto all = walk();
  return all;
}

const std::vector<source>& cpp_sources() {
  static const auto all = [] {
    std::vector<source> found;
    std::copy_if(all_texts().begin(), all_texts().end(),
                 std::back_inserter(found), is_cpp);
    return found;
  }();
  return all;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    auto line = text.substr(0, text.find('\n'));
    lines.emplace_back(line);
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return lines;
}

std::string finding(const std::string& path, std::size_t line,
                    const std::string& what) {
  return path + ":" + std::to_string(line) + ": " + what;
}

std::string without_comment(const std::string& line) {
  auto in_text = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\')
      ++i;
    else if (line[i] == '"')
      in_text = !in_text;
    else if (!in_text && line.compare(i, 2, "//") == 0)
      return line.substr(0, i);
  }
  return line;
}

bool starts_with(std::string_view text, std::string_view begin) {
  return text.substr(0, begin.size()) == begin;
}

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size()
         && text.substr(text.size() - end.size()) == end;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != text.npos;
}

std::string joined(const findings& xs) {
  std::string out;
  for (auto& x : xs)
    out += "\n  " + x;
  return out;
}

} // namespace jindou::tidy
