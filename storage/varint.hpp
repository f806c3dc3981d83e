#pragma once

#include "messages/bytes.hpp"

#include <cstdint>

/// Numbers of 7 bits per byte, low bits first: what positions are kept in.
namespace jindou::storage {

inline void append_varint(byte_vector& out, std::uint64_t x) {
  while (x >= 0x80) {
    out.push_back(static_cast<std::byte>(x | 0x80));
    x >>= 7;
  }
  out.push_back(static_cast<std::byte>(x));
}

/// Reads one number at `at` and moves `at` behind it.
/// Errors: false if it does not end inside `bytes`, does not fit into 64 bits
/// or is longer than it had to be; then `at` is not moved.
inline bool read_varint(byte_span bytes, std::size_t& at, std::uint64_t& x) {
  std::uint64_t res = 0;
  auto i = at;
  for (unsigned shift = 0; shift < 64 && i < bytes.size(); shift += 7) {
    auto b = static_cast<std::uint8_t>(bytes[i++]);
    auto bits = static_cast<std::uint64_t>(b & 0x7f);
    if (shift == 63 && bits > 1)
      return false;
    res |= bits << shift;
    if ((b & 0x80) != 0)
      continue;
    if (b == 0 && shift != 0)
      return false;
    at = i;
    x = res;
    return true;
  }
  return false;
}

} // namespace jindou::storage
