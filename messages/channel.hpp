#pragma once

#include "messages/bytes.hpp"
#include "messages/command.hpp"
#include "messages/delivery.hpp"
#include "messages/event.hpp"
#include "messages/history.hpp"
#include "messages/ids.hpp"
#include "messages/reply.hpp"
#include "messages/session.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

/// What a CHANNEL accepts: batches of submits, orders that change its record
/// or lists, requests for its history, and subscriptions of single sessions.
namespace jindou {

/// One message on its way into a channel, and what became of it. Texts are
/// views into the blocks of its batch.
struct submit_item {
  wire::header_flags flags;
  std::uint8_t setting = 0;
  std::uint32_t client_seq = 0;
  std::uint32_t expire = 0;
  std::string_view client_msg_no;
  std::string_view topic;
  /// Passed on to receivers, not stored.
  std::string_view stream_no;
  /// Plain bytes, decrypted.
  std::string_view payload;

  // -- the answer
  // --------------------------------------------------------------
  errc verdict = errc::none;
  /// Given even to refused messages.
  jindou::message_id message_id = 0;
  /// 0 for refused messages and for noPersist.
  message_seq seq = 0;
};

/// Messages of one sender for one channel, in the order of the sender.
struct submit_batch {
  /// The stored id.
  channel_key channel;
  /// The id as the sender gave it; RECV shows this one.
  std::string channel_id;
  std::string from_uid;
  /// Null when the messages came over HTTP.
  session_ptr from;
  /// Skips the permission of senders and the duplicate check (HTTP).
  bool system_device = false;
  /// `distribute`, or `store` for an append without fan-out.
  event_type event = event_type::distribute;
  /// Receivers instead of the subscribers, if not null.
  std::shared_ptr<const std::vector<std::string>> receivers;
  /// What the views point into.
  shared_bytes frames;
  shared_bytes plain;
  std::vector<submit_item> items;
};

/// Commands that change the channel's record or lists, proposed in this order
/// as one step. Answered with what apply said of each.
struct channel_order {
  channel_key channel;
  /// One of channel_create ... subscriber_remove.
  event_type event = event_type::channel_update;
  std::vector<command::any> commands;
  reply_ptr<std::vector<command::applied>> answer;
};

/// Asks for history (event Sync).
struct history_request {
  history_range range;
  reply_ptr<history> answer;
};

/// One session asks to get the messages of a channel, or to get them no longer
/// (events Sub and Unsub). Ends with the session: its USER says so.
struct subscription {
  /// The stored id.
  channel_key channel;
  std::string uid;
  connection_id session = 0;
  /// False ends it.
  bool wanted = true;

  // -- the answer
  // --------------------------------------------------------------
  errc verdict = errc::none;
  /// Says whether the channel pushes to this very session from now on.
  bool kept = false;
};

using channel_batch
  = std::variant<submit_batch, channel_order, history_request, subscription>;

/// Names the channel that is to work off `x`.
inline const channel_key& channel_of(const channel_batch& x) {
  if (auto* range = std::get_if<history_request>(&x))
    return range->range.channel;
  if (auto* submit = std::get_if<submit_batch>(&x))
    return submit->channel;
  if (auto* order = std::get_if<channel_order>(&x))
    return order->channel;
  return std::get<subscription>(x).channel;
}

using channel_delivery = delivery<channel_batch>;
using channel_delivery_ptr = delivery_ptr<channel_batch>;

/// Tells a USER what became of a batch of its sends (event SendAck). Dropped
/// unread it still answers the client: see `actors/user`.
using submitted = delivery<submit_batch>;
using submitted_ptr = delivery_ptr<submit_batch>;

/// Tells a USER what became of a subscription; the client knows already.
struct subscribed {
  subscription what;
  /// The channel has said it; otherwise nobody has looked at it.
  bool decided = false;
};

} // namespace jindou
