#include "configs/option_table.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace jindou::configs {

namespace {

constexpr std::size_t edits_max = 3;
constexpr std::size_t key_bytes_max = 100; // longer ones are no typing error

/// Levenshtein distance, one row at a time.
std::size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (auto c : a) {
    auto diagonal = row[0]++;
    for (std::size_t j = 0; j < b.size(); ++j) {
      auto above = row[j + 1];
      auto change = diagonal + (c == b[j] ? 0 : 1);
      row[j + 1] = std::min({above + 1, row[j] + 1, change});
      diagonal = above;
    }
  }
  return row[b.size()];
}

std::string_view last_part(std::string_view key) {
  return key.substr(key.rfind('.') + 1); // npos + 1 is 0
}

} // namespace

std::string nearest_name(std::string_view key) {
  if (key.size() > key_bytes_max)
    return "";
  auto best = edits_max + 1;
  std::string found;
  for (auto& x : option_table()) {
    auto name = full_name(x);
    auto distance = edits(key, name);
    if (distance > edits_max && last_part(key) == x.name)
      distance = edits_max; // right name, wrong section
    if (distance < best) {
      best = distance;
      found = name;
    }
  }
  return found;
}

} // namespace jindou::configs
