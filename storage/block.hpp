#pragma once

#include "messages/bytes.hpp"
#include "messages/result.hpp"
#include "messages/store.hpp"

#include <cstdint>

namespace jindou::storage {

/// Where 64 consecutive seqs of one channel lie in the log, with 16 bits of
/// hint for each. Block b of a channel holds seqs 64b + 1 ... 64b + 64; the log
/// itself is channel 0, its seqs are the indexes.
/// On disk: 0 format u8 = 1, 1 n u8, 2 flags u8 = 0, 3 zero u8, 4 crc32c u32 of
/// 8...end seeded with n, 8 first position u64, 16 n hints u16, then n - 1
/// varint deltas.
class position_block {
public:
  static constexpr unsigned capacity = 64;

  /// Adds the next seq. Positions never fall; 0 says that there is no row.
  /// Shape: the block is not full and `pos` is not below `last()`.
  void push(position pos, std::uint16_t hint);

  /// Shape: `i < size()`.
  position at(unsigned i) const;

  /// Shape: `i < size()`.
  std::uint16_t hint(unsigned i) const;

  position last() const {
    return last_;
  }

  unsigned size() const {
    return n_;
  }

  bool empty() const {
    return n_ == 0;
  }

  bool full() const {
    return n_ == capacity;
  }

  /// Returns the block as it was when it held `n` entries.
  position_block first(unsigned n) const;

  /// Forgets all entries and their memory.
  void clear();

  /// Bytes that `append_to` will append.
  std::size_t encoded_bytes() const {
    return head_bytes + body_.size();
  }

  void append_to(byte_vector& out) const;

  byte_vector encode() const;

  /// Errors: `errc::corrupt`.
  static jindou::result<position_block> decode(byte_span bytes);

  friend bool operator==(const position_block&, const position_block&)
    = default;

private:
  static constexpr std::size_t head_bytes = 16;

  std::size_t delta_end(unsigned n) const;
  bool parse_deltas();

  byte_vector body_; // hints, then deltas, as on disk
  position first_ = 0;
  position last_ = 0;
  std::uint8_t n_ = 0;
};

/// Hint of the log's own blocks: 0 = the entry stored no message.
constexpr std::uint16_t log_hint(std::uint64_t seq) {
  if (seq == 0)
    return 0;
  return static_cast<std::uint16_t>(1 + (seq - 1) % 65'535);
}

/// Hint of a channel's blocks: a fingerprint of (channel, client_msg_no).
constexpr std::uint16_t number_hint(std::uint64_t hash_of_number) {
  return static_cast<std::uint16_t>(hash_of_number >> 48);
}

} // namespace jindou::storage
