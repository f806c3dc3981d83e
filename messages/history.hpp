#pragma once

#include "messages/ids.hpp"
#include "messages/policy.hpp"
#include "messages/reply.hpp"

#include <cstdint>
#include <vector>

namespace jindou {

/// Asks for messages of one channel by range of seqs.
/// Shape: at most `limits::history_rows_max` rows.
struct history_range {
  enum class order : std::uint8_t {
    /// The newest `limit` of first...last.
    newest,
    /// The first `limit` of first...last.
    oldest,
  };
  channel_key channel;
  message_seq first = 1;
  /// 0 = the last message there is.
  message_seq last = 0;
  std::uint32_t limit = 0;
  history_range::order which = order::newest;
};

/// The messages found, ascending by seq.
struct history {
  std::vector<stored_message> messages;
  /// Last seq of the channel when the answer was made; 0 = never used.
  message_seq last_seq = 0;
};

} // namespace jindou
