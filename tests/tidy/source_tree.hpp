#pragma once

#include <string>
#include <string_view>
#include <vector>

/// What the house checks read: files of the project as texts.
namespace jindou::tidy {

/// One file; `path` is relative to the project, with slashes.
struct source {
  std::string path;
  std::string text;
};

/// A finding, ready to print: `path:line: what is wrong`.
using findings = std::vector<std::string>;

/// Returns all C++ sources of the rooms and tests.
const std::vector<source>& cpp_sources();

/// Returns all texts that people read or machines run: sources, scripts,
/// documents, build files, configs. Without what is built or downloaded.
const std::vector<source>& all_texts();

/// Returns the lines of a text, without their ends.
std::vector<std::string> lines_of(std::string_view text);

/// Returns `path:line: what`; lines count from 1.
std::string finding(const std::string& path, std::size_t line,
                    const std::string& what);

/// Cuts a `//` comment off; a `//` inside a text stays.
std::string without_comment(const std::string& line);

bool starts_with(std::string_view text, std::string_view begin);
bool ends_with(std::string_view text, std::string_view end);
bool contains(std::string_view text, std::string_view part);

/// Joins findings for a test's message.
std::string joined(const findings& xs);

} // namespace jindou::tidy
