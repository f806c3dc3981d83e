#pragma once

#include "configs/fault.hpp"

#include <caf/config_value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace jindou::configs {

/// One `key = value` of a file, or one section head (then without value).
struct ini_entry {
  /// Section and key, joined by dots; `global.` is left out.
  std::string key;
  int line = 0;
  bool is_section = false;
  /// A list counts as an empty list, since no option takes one.
  caf::config_value value;
};

/// Reads a whole file with CAF's own grammar, after a check that keeps the
/// grammar away from texts that would overflow its stack or its numbers.
/// Errors: a fault with line and reason; never throws on any input.
result<std::vector<ini_entry>, fault> read_ini_text(std::string_view text);

/// Longest file, longest line, most brackets of a file.
constexpr std::size_t ini_bytes_max = 256 << 10;
constexpr std::size_t ini_line_bytes_max = 8 << 10;
constexpr std::size_t ini_brackets_max = 256;

} // namespace jindou::configs
