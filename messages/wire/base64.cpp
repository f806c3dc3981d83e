#include "messages/wire/base64.hpp"

#include <array>
#include <cstdint>
#include <cstring>

namespace jindou::wire {

namespace {

constexpr std::string_view alphabet
  = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::uint32_t bad = 1U << 24; // outside of the 24 bits of a group

using pair_table = std::array<std::array<char, 2>, 4096>;
using sextet_table = std::array<std::uint32_t, 256>;

/// Two characters for every 12 bits.
constexpr pair_table make_pairs() {
  pair_table t{};
  for (std::size_t i = 0; i < t.size(); ++i)
    t[i] = {alphabet[i >> 6], alphabet[i & 63]};
  return t;
}

/// The value of a character, moved to its place in the group.
constexpr sextet_table make_sextets(int shift) {
  sextet_table t{};
  t.fill(bad);
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    t[static_cast<std::uint8_t>(alphabet[i])] = static_cast<std::uint32_t>(i)
                                                << shift;
  return t;
}

constexpr auto pairs = make_pairs();
constexpr std::array<sextet_table, 4> sextets{
  make_sextets(18), make_sextets(12), make_sextets(6), make_sextets(0)};

std::uint32_t octet(std::byte b) {
  return std::to_integer<std::uint32_t>(b);
}

std::uint32_t sextet(std::size_t place, char c) {
  return sextets[place][static_cast<std::uint8_t>(c)];
}

/// The 24 bits of a whole group, or something at or above `bad`.
std::uint32_t group(const char* p) {
  return sextet(0, p[0]) | sextet(1, p[1]) | sextet(2, p[2]) | sextet(3, p[3]);
}

void put(std::byte* to, std::uint32_t bits, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i)
    to[i] = static_cast<std::byte>(bits >> (16 - 8 * i));
}

/// The last group, which may be padded; 0 bytes mean that it is wrong.
std::size_t put_last(const char* p, std::byte* to) {
  char filled[4] = {p[0], p[1], p[2], p[3]};
  std::size_t n = 3;
  if (p[3] == '=') {
    filled[3] = 'A';
    n = 2;
    if (p[2] == '=') {
      filled[2] = 'A';
      n = 1;
    }
  }
  auto bits = group(filled);
  if (bits >= bad)
    return 0;
  put(to, bits, n);
  return n;
}

std::optional<std::size_t> decode_dense(std::string_view text, std::byte* to) {
  if (text.size() % 4 != 0)
    return std::nullopt;
  if (text.empty())
    return 0;
  auto* begin = to;
  auto* p = text.data();
  auto* last = p + text.size() - 4;
  for (; p != last; p += 4, to += 3) {
    auto bits = group(p);
    if (bits >= bad)
      return std::nullopt;
    put(to, bits, 3);
  }
  auto n = put_last(p, to);
  if (n == 0)
    return std::nullopt;
  return static_cast<std::size_t>(to - begin) + n;
}

} // namespace

void base64_encode(byte_span bytes, char* to) {
  auto* p = bytes.data();
  auto left = bytes.size();
  for (; left >= 3; left -= 3, p += 3, to += 4) {
    auto bits = octet(p[0]) << 16 | octet(p[1]) << 8 | octet(p[2]);
    std::memcpy(to, pairs[bits >> 12].data(), 2);
    std::memcpy(to + 2, pairs[bits & 0xfff].data(), 2);
  }
  if (left == 0)
    return;
  auto bits = octet(p[0]) << 16 | (left == 2 ? octet(p[1]) << 8 : 0);
  std::memcpy(to, pairs[bits >> 12].data(), 2);
  to[2] = left == 2 ? alphabet[bits >> 6 & 63] : '=';
  to[3] = '=';
}

std::string base64_encode(byte_span bytes) {
  std::string text(base64_size(bytes.size()), '=');
  base64_encode(bytes, text.data());
  return text;
}

std::optional<std::size_t> base64_decode(std::string_view text, std::byte* to) {
  if (auto n = decode_dense(text, to))
    return n;
  if (text.find_first_of("\r\n") == std::string_view::npos)
    return std::nullopt;
  std::string dense; // rare: only encoders for mail break lines
  dense.reserve(text.size());
  for (auto c : text)
    if (c != '\r' && c != '\n')
      dense += c;
  return decode_dense(dense, to);
}

} // namespace jindou::wire
