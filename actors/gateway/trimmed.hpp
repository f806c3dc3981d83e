#pragma once

#include <string_view>

namespace jindou::actors {

/// Returns what stands between blanks and tabs, as in lists of options and of
/// HTTP fields.
constexpr std::string_view trimmed(std::string_view x) {
  constexpr std::string_view blanks{" \t"};
  auto first = x.find_first_not_of(blanks);
  if (first == std::string_view::npos)
    return {};
  return x.substr(first, x.find_last_not_of(blanks) - first + 1);
}

} // namespace jindou::actors
