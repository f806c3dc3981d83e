#pragma once

#include "actors/handler_chain.hpp"
#include "actors/id_generator.hpp"
#include "actors/rate_limit.hpp"
#include "messages/actors.hpp"
#include "messages/cluster.hpp"
#include "messages/limits.hpp"
#include "messages/metrics.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

namespace jindou::actors {

struct distribution;

/// What all channels of a node share. Everything that a CHANNEL needs of other
/// rooms comes through here.
struct channel_services {
  slot_map_ptr slots;
  metrics_ptr stats;
  std::shared_ptr<id_generator> ids;
  /// Wall clock, milliseconds since 1970.
  std::function<std::int64_t()> now_ms;
  /// Persons need no allow list to write to each other.
  bool allow_list_off = true;
  /// SENDs of all clients to one channel. Never null.
  std::shared_ptr<const live_rate> send_rate = std::make_shared<live_rate>();
  std::chrono::nanoseconds handler_time_max = limits::handler_time_max;
  /// Says whether a uid is a system account.
  std::function<bool(std::string_view)> is_system;
  /// Hands a part of a fan-out to the pusher pool.
  std::function<void(const push_delivery_ptr&)> push;
  /// Drops a retired channel from its directory.
  std::function<void(std::string_view key, const lease*)> forget;
  /// Keeps an event that cannot be handled.
  std::function<void(quarantine_row)> quarantine;
  /// The chains of Distribute and of Store, which is the same without fan-out.
  std::shared_ptr<const handler_chain<distribution>> distribute;
  std::shared_ptr<const handler_chain<distribution>> store;

  /// Builds the chains of the pool in `stats`.
  void build_chains();
};

using channel_services_ptr = std::shared_ptr<const channel_services>;

/// Key of a channel in its directory: type byte, stored id.
std::string directory_key(const channel_key& key);
channel_key channel_key_of(std::string_view directory_key);

} // namespace jindou::actors
