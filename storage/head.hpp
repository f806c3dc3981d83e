#pragma once

#include "messages/bytes.hpp"
#include "messages/ids.hpp"
#include "messages/result.hpp"
#include "storage/block.hpp"

namespace jindou::storage {

/// How far a channel is and where its newest messages lie.
/// On disk: 0 last_seq u64, 8 first_seq u64, 16 crc32c u32 of 0...15, 20 zero
/// u32, 24 the open block, which checks itself.
struct channel_head {
  message_seq last_seq = 0;
  /// Messages below are trimmed away.
  message_seq first_seq = 1;
  /// Seqs last_seq - n + 1 ... last_seq. A block that fills up leaves at once,
  /// so n is always last_seq modulo 64.
  position_block open;

  friend bool operator==(const channel_head&, const channel_head&) = default;
};

byte_vector encode_head(const channel_head& head);

/// Errors: `errc::corrupt`.
jindou::result<channel_head> decode_head(byte_span bytes);

} // namespace jindou::storage
