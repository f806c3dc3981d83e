#pragma once

#include "actors/handler_chain.hpp"
#include "messages/channel.hpp"
#include "messages/command.hpp"
#include "messages/push.hpp"
#include "messages/raft_host.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace jindou::actors {

class channel_state;

/// One batch of submits on its way through the Distribute chain, from the
/// permission to the fan-out.
struct distribution {
  distribution(channel_state& owner, channel_delivery_ptr x);

  /// Number of messages, for the metrics.
  std::uint64_t events() const {
    return size;
  }

  submit_batch& batch() {
    return std::get<submit_batch>(from->content);
  }

  /// Gives every message its id and builds the records: those to be stored at
  /// the end of `shared`, the others in `live`.
  void build(const std::function<message_id()>& next_id, std::uint32_t chan_no,
             const mutable_block& shared);

  /// Answers the sender once, with the verdicts as they stand.
  void answer();
  void refuse(errc why, const std::function<message_id()>& next_id);

  /// Takes what apply said of the proposal into the verdicts.
  void settle(const applied_batch& x);

  /// What is to be pushed, in the order of the sender; null if nothing is.
  std::shared_ptr<push_content> content(std::int64_t now_ms) const;

  /// Bytes of the messages, as they came, for the quarantine.
  byte_vector frames_of_items();

  channel_state* self;
  channel_delivery_ptr from;
  std::size_t at = 0;
  std::size_t size = 0;

  // Kept apart from the batch, which leaves with the answer.
  channel_key channel;
  std::string channel_id;
  std::string from_uid;
  connection_id origin = 0;
  bool fan_out = true;
  std::shared_ptr<const std::vector<std::string>> receivers;

  /// Shared with the batches that are proposed together; `ends` are places in
  /// it, `first` is the place of the first record among those proposed.
  mutable_block block;
  std::uint32_t begin = 0;
  std::vector<std::uint32_t> ends;
  std::size_t first = 0;
  mutable_block live;
  std::vector<std::uint32_t> live_ends;
  /// For each message: stored or live, in the order of the sender.
  std::vector<bool> is_stored;
  /// Likewise; empty as long as no message names a stream.
  std::vector<std::string> streams;

  std::uint64_t request = 0;
  std::int64_t since_ms = 0;
  /// Applied, refused, or nothing to wait for.
  bool done = false;
  errc error = errc::none;
  /// A handler threw once already.
  bool failed = false;
  std::vector<command::applied> results;
};

} // namespace jindou::actors
