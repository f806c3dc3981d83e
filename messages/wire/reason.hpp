#pragma once

#include "messages/errc.hpp"

#include <cstdint>

namespace jindou::wire {

/// Reason codes of CONNACK, SENDACK, SUBACK and DISCONNECT. Wire values.
enum class reason : std::uint8_t {
  unknown = 0,
  success = 1,
  auth_fail = 2,
  subscriber_not_exist = 3,
  in_blacklist = 4,
  channel_not_exist = 5,
  msg_key_error = 8,
  payload_decode_error = 9,
  connect_kick = 12,
  not_in_whitelist = 13,
  system_error = 15,
  client_key_is_empty = 21,
  rate_limit = 22,
  not_support_channel_type = 23,
  ban = 19,
  disband = 24,
  send_ban = 25,
};

/// The one table from errors to reason codes.
constexpr reason reason_of(errc e) {
  switch (e) {
  case errc::none:
    return reason::success;
  case errc::bad_payload:
    return reason::payload_decode_error;
  case errc::bad_client_key:
    return reason::client_key_is_empty;
  case errc::auth_failed:
    return reason::auth_fail;
  case errc::unsupported:
    return reason::not_support_channel_type;
  case errc::banned:
    return reason::ban;
  case errc::send_banned:
    return reason::send_ban;
  case errc::disbanded:
    return reason::disband;
  case errc::denied:
    return reason::in_blacklist;
  case errc::not_allowed:
    return reason::not_in_whitelist;
  case errc::not_subscribed:
    return reason::subscriber_not_exist;
  case errc::not_found:
    return reason::channel_not_exist;
  case errc::busy:
  case errc::rate_limited:
    return reason::rate_limit;
  default:
    return reason::system_error;
  }
}

} // namespace jindou::wire
