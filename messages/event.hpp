#pragma once

#include <cstdint>
#include <string_view>

namespace jindou {

enum class pool : std::uint8_t { user, channel, pusher };

/// The events of the three pools with the numbers of the original design.
/// Metrics, traces and the shell use the names. Never renumber.
enum class event_type : std::uint16_t {
  // -- user pool
  // -----------------------------------------------------------------
  connect = 1,
  on_connect = 2,
  conn_write_frame = 3,
  conn_close = 4,
  on_send = 10,
  recv_ack = 11,
  send_ack = 12,
  sub = 20,
  unsub = 21,
  /// Beyond the seed: answers PING, writes a device record, kicks.
  ping = 30,
  set_token = 31,
  // -- channel pool
  // --------------------------------------------------------------
  distribute = 100,
  store = 101,
  sync = 102,
  channel_create = 110,
  channel_update = 111,
  channel_delete = 112,
  subscriber_add = 120,
  subscriber_remove = 121,
  // -- pusher pool
  // ---------------------------------------------------------------
  push_online = 200,
  push_offline = 201,
  push_batch = 202,
  push_ack = 203,
};

/// Returns e.g. "Distribute", as metrics and the shell show it.
std::string_view to_string(event_type e);
std::string_view to_string(pool p);
pool pool_of(event_type e);

} // namespace jindou
