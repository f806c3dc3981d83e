#pragma once

#include "messages/bytes.hpp"
#include "messages/ids.hpp"
#include "messages/result.hpp"

#include <cstdint>

/// The head that every log record carries. The log row *is* the stored
/// command: what the channel actor builds is what the disk keeps.
namespace jindou::record {

using term_t = std::uint64_t;
using log_index = std::uint64_t;
using rep_t = std::uint16_t;

/// Kinds of log entry. Written to disk, never renumber.
enum class kind : std::uint8_t {
  noop = 1,
  command = 2,
  membership = 3,
  feature_level = 4,
};

/// Bytes of the head; the body of a command starts here.
constexpr std::size_t head_bytes = 40;

/// Written into byte 0; a newer format gets a newer number.
constexpr std::uint8_t format = 1;

/// What stands in the head, integers little-endian:
/// 0 format u8, 1 zero, 2 rep u16 (node-local, outside the crc), 4 crc32c u32
/// of 8...end, 8 group u32, 12 kind u8, 13 op u8, 14 flags u16, 16 index u64,
/// 24 term u64, 32 log_time u64 (ms, non-decreasing in a group).
struct head {
  rep_t rep = 0;
  std::uint32_t crc = 0;
  group_id group = 0;
  record::kind kind = record::kind::noop;
  std::uint8_t op = 0;
  std::uint16_t flags = 0;
  log_index index = 0;
  term_t term = 0;
  std::uint64_t log_time = 0;

  friend bool operator==(const head&, const head&) = default;
};

/// Writes `h` into the first `head_bytes` of `rec` and the crc over the rest.
/// `h.crc` is ignored. Shape: `rec.size() >= head_bytes`.
void stamp(std::span<std::byte> rec, const head& h);

/// Writes only the node-local rep, which the crc does not cover.
void stamp_rep(std::span<std::byte> rec, rep_t rep);

/// Reads the head and checks format and crc.
/// Errors: `errc::corrupt`.
result<head> read(byte_span rec);

/// Reads the head without checking the crc, for bytes that this process made.
head peek(byte_span rec);

/// CRC-32C (Castagnoli), by the processor's instruction where it has one.
/// `seed` is the crc of what stands before `bytes`.
std::uint32_t crc32c(byte_span bytes, std::uint32_t seed = 0);

/// The same without the instruction; what processors lacking it run.
std::uint32_t crc32c_portable(byte_span bytes, std::uint32_t seed = 0);

} // namespace jindou::record
