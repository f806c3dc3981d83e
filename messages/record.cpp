#include "messages/record.hpp"

#include "messages/little_endian.hpp"

#include <array>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace jindou::record {

namespace {

/// Bytes below this offset are outside the crc.
constexpr std::size_t crc_from = 8;

using crc_function = std::uint32_t (*)(byte_span, std::uint32_t);

constexpr auto crc_table = [] {
  std::array<std::uint32_t, 256> res{};
  for (std::uint32_t i = 0; i < res.size(); ++i) {
    auto x = i;
    for (int bit = 0; bit < 8; ++bit)
      x = (x >> 1) ^ ((x & 1) != 0 ? 0x82f63b78U : 0U);
    res[i] = x;
  }
  return res;
}();

std::uint32_t crc_by_table(byte_span bytes, std::uint32_t state) {
  for (auto b : bytes)
    state
      = crc_table[(state ^ static_cast<std::uint8_t>(b)) & 0xff] ^ (state >> 8);
  return state;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t
crc_by_instruction(byte_span bytes, std::uint32_t state) {
  auto p = bytes.data();
  auto n = bytes.size();
  std::uint64_t wide = state;
  for (; n >= 8; n -= 8, p += 8)
    wide = _mm_crc32_u64(wide, load_le<std::uint64_t>(p));
  state = static_cast<std::uint32_t>(wide);
  for (; n > 0; --n, ++p)
    state = _mm_crc32_u8(state, static_cast<std::uint8_t>(*p));
  return state;
}
#endif

crc_function choose_crc() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("sse4.2"))
    return crc_by_instruction;
#endif
  return crc_by_table;
}

bool known(std::uint8_t x) {
  return x >= static_cast<std::uint8_t>(kind::noop)
         && x <= static_cast<std::uint8_t>(kind::feature_level);
}

} // namespace

std::uint32_t crc32c(byte_span bytes, std::uint32_t seed) {
  static const crc_function chosen = choose_crc();
  return ~chosen(bytes, ~seed);
}

std::uint32_t crc32c_portable(byte_span bytes, std::uint32_t seed) {
  return ~crc_by_table(bytes, ~seed);
}

void stamp(std::span<std::byte> rec, const head& h) {
  auto p = rec.data();
  store_le(p, std::uint8_t{format});
  store_le(p + 1, std::uint8_t{0});
  store_le(p + 2, h.rep);
  store_le(p + 8, h.group);
  store_le(p + 12, static_cast<std::uint8_t>(h.kind));
  store_le(p + 13, h.op);
  store_le(p + 14, h.flags);
  store_le(p + 16, h.index);
  store_le(p + 24, h.term);
  store_le(p + 32, h.log_time);
  store_le(p + 4, crc32c(rec.subspan(crc_from)));
}

void stamp_rep(std::span<std::byte> rec, rep_t rep) {
  store_le(rec.data() + 2, rep);
}

result<head> read(byte_span rec) {
  if (rec.size() < head_bytes)
    return errc::corrupt;
  if (load_le<std::uint8_t>(rec.data()) != format
      || load_le<std::uint8_t>(rec.data() + 1) != 0
      || !known(load_le<std::uint8_t>(rec.data() + 12)))
    return errc::corrupt;
  auto res = peek(rec);
  if (res.crc != crc32c(rec.subspan(crc_from)))
    return errc::corrupt;
  return res;
}

head peek(byte_span rec) {
  auto p = rec.data();
  head res;
  res.rep = load_le<rep_t>(p + 2);
  res.crc = load_le<std::uint32_t>(p + 4);
  res.group = load_le<group_id>(p + 8);
  res.kind = static_cast<record::kind>(load_le<std::uint8_t>(p + 12));
  res.op = load_le<std::uint8_t>(p + 13);
  res.flags = load_le<std::uint16_t>(p + 14);
  res.index = load_le<log_index>(p + 16);
  res.term = load_le<term_t>(p + 24);
  res.log_time = load_le<std::uint64_t>(p + 32);
  return res;
}

} // namespace jindou::record
