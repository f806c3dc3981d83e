#pragma once

#include "actors/handler_chain.hpp"
#include "actors/id_generator.hpp"
#include "actors/rate_limit.hpp"
#include "messages/actors.hpp"
#include "messages/cluster.hpp"
#include "messages/limits.hpp"
#include "messages/metrics.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace jindou::actors {

class session_table;
struct login;
struct sending;

/// What all users of a node share. Everything that a USER needs of other rooms
/// comes through here.
struct user_services {
  slot_map_ptr slots;
  metrics_ptr stats;
  std::shared_ptr<id_generator> ids;
  std::shared_ptr<session_table> sessions;
  /// Wall clock, milliseconds since 1970.
  std::function<std::int64_t()> now_ms;
  node_id node = 1;
  bool token_auth_on = true;
  bool disable_encryption = false;
  std::string manager_uid{well_known::manager_uid};
  std::string manager_token;
  /// SENDs of one user, and of all users behind one address. Never null.
  std::shared_ptr<const live_rate> send_rate = std::make_shared<live_rate>();
  std::shared_ptr<rate_table> address_rates
    = std::make_shared<rate_table>(rate{}, limits::rated_addresses_max);
  std::chrono::nanoseconds handler_time_max = limits::handler_time_max;
  std::string visitors_suffix = "___vstr";
  /// A RECV that stays unacknowledged for so long is pushed again, so often.
  std::chrono::milliseconds retry_interval{60'000};
  unsigned retry_max = 5;
  /// Data channels that one session may be subscribed to.
  std::size_t subscriptions_max = limits::subscriptions_max;
  /// Hands a batch of submits or a subscription to its channel.
  std::function<void(const channel_delivery_ptr&)> submit;
  /// Drops a retired user from its directory.
  std::function<void(std::string_view uid, const lease*)> forget;
  /// Keeps an event that cannot be handled.
  std::function<void(quarantine_row)> quarantine;
  std::shared_ptr<const handler_chain<login>> connect;
  std::shared_ptr<const handler_chain<sending>> on_send;
  /// Events that are a chain of one handler.
  handler_metric* on_connect = nullptr;
  handler_metric* send_ack = nullptr;
  handler_metric* recv_ack = nullptr;
  handler_metric* conn_close = nullptr;
  handler_metric* sub = nullptr;
  handler_metric* unsub = nullptr;

  /// Builds the chains and single handlers of the pool in `stats`.
  void build_chains();
};

using user_services_ptr = std::shared_ptr<const user_services>;

/// Builds the chain of Connect: view, authenticate, keys, conflicts,
/// establish.
std::shared_ptr<const handler_chain<login>>
make_connect_chain(metrics& stats, std::chrono::nanoseconds time_max);

/// Builds the chain of OnSend: permission, rates, decrypt, limits, submit.
std::shared_ptr<const handler_chain<sending>>
make_send_chain(metrics& stats, std::chrono::nanoseconds time_max);

} // namespace jindou::actors
