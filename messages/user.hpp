#pragma once

#include "messages/bytes.hpp"
#include "messages/delivery.hpp"
#include "messages/reply.hpp"
#include "messages/session.hpp"
#include "messages/wire/frame.hpp"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

/// What a USER accepts: batches of events, each from one session or none.
namespace jindou {

/// A client asks to log in (event Connect). The session waits for
/// `establish` or `refuse`.
struct connect_request {
  wire::connect_frame frame;
  bool json_rpc = false;
};

/// A session subscribes to a channel, or no longer (events Sub and Unsub).
struct sub_request {
  wire::sub_frame frame;
  /// For `session::take_request`; 0 for clients that speak frames.
  std::uint32_t number = 0;
};

/// The socket of the batch's session is gone (event ConnClose).
struct session_closed {};

/// Writes the device record and, for a master device, ends the sessions of
/// that flag (event SetToken; POST /user/token).
struct set_token {
  std::uint8_t device_flag = 0;
  device_level level = device_level::slave;
  std::string token;
  /// A value says that the record is written.
  reply_ptr<void> answer;
};

/// Anything that waits in the queue of one user.
using user_event
  = std::variant<connect_request, wire::send_frame, wire::recvack_frame,
                 wire::ping_frame, sub_request, session_closed, set_token>;

/// Events of one uid in the order in which they came; one read makes one
/// batch.
struct user_batch {
  std::string uid;
  /// Null for events that come from no socket.
  session_ptr from;
  /// What the views of the frames point into.
  shared_bytes bytes;
  std::vector<user_event> events;
};

using user_delivery = delivery<user_batch>;
using user_delivery_ptr = delivery_ptr<user_batch>;

} // namespace jindou
