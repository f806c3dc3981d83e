#pragma once

#include "messages/bytes.hpp"
#include "messages/ids.hpp"
#include "messages/result.hpp"
#include "messages/store.hpp"
#include "storage/work.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace jindou::storage {

/// One message took its place.
struct journal_entry {
  chan_t chan_no = 0;
  message_seq seq = 0;
  position pos = 0;
  std::uint16_t hint = 0;

  friend bool operator==(const journal_entry&, const journal_entry&) = default;
};

/// Packs what one cut changed in heads and positions.
/// On disk: format u8 = 1, varint lowest position, then per channel, ascending:
/// varint chan_no delta, varint n, varint first seq, n times (varint position
/// delta, hint u16); crc32c u32 of all before. The first delta of a channel
/// counts from the lowest position, the others from the one before.
/// Shape: sorted by (chan_no, seq), seqs of a channel consecutive.
byte_vector encode_journal(std::span<const journal_entry> entries);

/// Errors: `errc::corrupt`.
jindou::result<std::vector<journal_entry>> decode_journal(byte_span bytes);

} // namespace jindou::storage
