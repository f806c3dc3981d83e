#pragma once

#include "messages/bytes.hpp"

#include <string>
#include <string_view>

namespace jindou {

/// Returns two small digits for each byte.
inline std::string hex_of(byte_span bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string res;
  res.reserve(2 * bytes.size());
  for (auto b : bytes) {
    res += digits[std::to_integer<std::size_t>(b) >> 4];
    res += digits[std::to_integer<std::size_t>(b) & 15];
  }
  return res;
}

} // namespace jindou
