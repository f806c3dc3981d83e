#pragma once

#include "messages/bytes.hpp"

#include <string>
#include <string_view>

namespace jindou::wire {

/// Bytes of lower-case hex; for texts in tests.
inline byte_vector from_hex(std::string_view hex) {
  auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  byte_vector bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes.push_back(
      static_cast<std::byte>(digit(hex[i]) << 4 | digit(hex[i + 1])));
  return bytes;
}

inline std::string to_hex(byte_span bytes) {
  std::string hex;
  for (auto b : bytes) {
    hex += "0123456789abcdef"[std::to_integer<int>(b) >> 4];
    hex += "0123456789abcdef"[std::to_integer<int>(b) & 15];
  }
  return hex;
}

} // namespace jindou::wire
