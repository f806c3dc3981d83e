#include "configs/strict_load.hpp"

#include "configs/ini_reader.hpp"
#include "configs/option_table.hpp"
#include "configs/value.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

namespace jindou::configs {

namespace {

using verdict = result<void, fault>;

bool is_known_section(std::string_view name) {
  auto all = section_table();
  return name.empty() || std::any_of(all.begin(), all.end(), [name](auto& x) {
           return x.name == name;
         });
}

/// Longest part of a key that a message repeats.
constexpr std::size_t shown_bytes_max = 60;

std::string shown(const std::string& key) {
  return "'" + key.substr(0, shown_bytes_max) + "'";
}

fault unknown_key(const std::string& key) {
  auto text = "unknown key " + shown(key);
  if (auto near = nearest_name(key); !near.empty())
    text += ", did you mean '" + near + "'?";
  return {.key = key, .text = std::move(text)};
}

fault unknown_section(const std::string& name) {
  auto text = "unknown section " + shown(name) + "; known are:";
  for (auto& x : section_table())
    text += " " + std::string{x.name};
  return {.key = name, .text = std::move(text)};
}

/// Takes one entry after the other.
class loader {
public:
  explicit loader(options& target) : target_(target) {
    // nop
  }

  void take(const ini_entry& x) {
    auto good = x.is_section ? take_section(x.key) : take_value(x);
    if (good || report.faults.size() == faults_max)
      return;
    auto found = good.error();
    found.line = x.line;
    report.faults.push_back(std::move(found));
  }

  load_report report;

private:
  static verdict take_section(const std::string& name) {
    if (is_known_section(name))
      return {};
    return unknown_section(name);
  }

  verdict take_value(const ini_entry& x) {
    auto known = find_option(x.key);
    if (known == nullptr)
      return unknown_key(x.key);
    auto [first, added] = report.lines.emplace(x.key, x.line);
    if (!added)
      return fault{.key = x.key,
                   .text = x.key + " was already set in line "
                           + std::to_string(first->second)};
    return assign(*known, x.value, target_);
  }

  options& target_;
};

result<std::string, fault> read_file(const std::string& path) {
  std::error_code code;
  if (!std::filesystem::is_regular_file(path, code))
    return fault{.text = code ? code.message() : "not a regular file"};
  std::ifstream in{path, std::ios::binary};
  std::string text(ini_bytes_max + 1, '\0'); // one more shows what is too long
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad() || !in.is_open())
    return fault{.text = "cannot be read"};
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

} // namespace

load_report strict_load(std::string_view text, const std::string& file,
                        options& target) {
  loader all{target};
  if (auto entries = read_ini_text(text); entries)
    for (auto& x : *entries)
      all.take(x);
  else
    all.report.faults.push_back(entries.error());
  for (auto& x : all.report.faults)
    x.file = file;
  return std::move(all.report);
}

load_report strict_load_file(const std::string& path, options& target) {
  auto text = read_file(path);
  if (text)
    return strict_load(*text, path, target);
  load_report report;
  report.faults.push_back(text.error());
  report.faults.back().file = path;
  return report;
}

} // namespace jindou::configs
