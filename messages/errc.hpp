#pragma once

#include <cstdint>
#include <string_view>

namespace jindou {

/// What can go wrong, for all rooms. Says what is the case, not what to do.
/// Never renumber: the values travel between nodes.
enum class errc : std::uint8_t {
  none = 0,

  // -- the protocol ----------------------------------------------------------
  /// The bytes are not a frame.
  malformed = 10,
  /// A frame, string or list is longer than its limit.
  too_large,
  /// The msgKey differs or the payload cannot be decrypted.
  bad_payload,
  /// The client key of a CONNECT is missing or no X25519 key.
  bad_client_key,
  /// Token, manager token or device record do not match.
  auth_failed,
  /// The channel type or request is not known.
  unsupported = 15,

  // -- permission
  // --------------------------------------------------------------
  /// The channel or the user is banned.
  banned = 20,
  /// The sender may not send anywhere.
  send_banned,
  /// The channel has been disbanded.
  disbanded,
  /// The sender stands on the deny list.
  denied,
  /// The sender is not on the allow list.
  not_allowed,
  /// The sender is no subscriber of the channel.
  not_subscribed = 25,
  /// A request names nothing that exists.
  not_found,
  /// A request has a missing or wrong field.
  invalid_argument,

  // -- the pools
  // -----------------------------------------------------------------
  /// A bounded queue is full.
  busy = 40,
  /// The actor ended before it answered.
  lost,
  /// A handler threw twice; the event is in the quarantine table.
  quarantined,
  /// The node is stopping.
  stopping,
  /// A sender passes its rate limit.
  rate_limited,

  // -- consensus and store
  // -------------------------------------------------------
  /// Another node leads this group.
  not_leader = 60,
  /// No leader, disk full, or the store refuses work.
  unavailable,
  /// Handed to a leader, outcome not known: retry with the same number.
  unknown,
  /// A stored record is damaged.
  corrupt,
  /// The disk failed; the process ends.
  disk_failed,
};

/// Returns the name of `e` as it is written above.
std::string_view to_string(errc e);

/// Says whether the same request may succeed later without being changed.
bool retryable(errc e);

} // namespace jindou
