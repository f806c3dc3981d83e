#pragma once

#include "messages/delivery.hpp"
#include "messages/ids.hpp"
#include "messages/policy.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

/// What a PUSHER accepts.
namespace jindou {

/// One message to be pushed. Texts are views into `stored.record`.
struct push_item {
  stored_message stored;
  /// The connection that sent it gets no RECV. 0 = none.
  connection_id origin = 0;
  /// Not in the record: it is passed on but not stored.
  std::string stream_no = {};
};

/// Messages of one channel in their order, shared by all parts of a fan-out.
struct push_content {
  /// The stored id.
  channel_key channel;
  /// The id as the sender gave it.
  std::string channel_id;
  std::vector<push_item> items;
};

/// What a fan-out did, summed over its parts (event PushAck).
struct push_counts {
  std::uint64_t delivered = 0;
  std::uint64_t parked = 0;
  std::uint64_t dropped = 0;
};

/// Messages for one part of the receivers (events PushOnline, PushBatch and
/// PushOffline).
struct push_batch {
  std::shared_ptr<const push_content> content;
  std::shared_ptr<const std::vector<std::string>> receivers;
  /// Only these connections of the receivers, if not null.
  /// Shape: sorted.
  std::shared_ptr<const std::vector<connection_id>> only;
  /// Everything of one lane stays in order: hash(channel) + part.
  std::uint64_t lane = 0;
};

using push_delivery = delivery<push_batch>;
using push_delivery_ptr = delivery_ptr<push_batch>;

} // namespace jindou
