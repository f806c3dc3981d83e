#pragma once

// The inside of `node`: shared by its sources, included by nobody else.

#include "actors/channel/channel_directory.hpp"
#include "actors/gateway/gateway.hpp"
#include "actors/gateway/session_table.hpp"
#include "actors/http/http_listener.hpp"
#include "actors/push/pusher_pool.hpp"
#include "actors/rate_limit.hpp"
#include "actors/user/user_directory.hpp"
#include "apps/node/banner.hpp"
#include "apps/node/manager_token.hpp"
#include "apps/node/node.hpp"
#include "apps/node/proposer.hpp"
#include "apps/node/pulse.hpp"
#include "apps/node/replica_rooms.hpp"
#include "apps/node/sweeper.hpp"
#include "configs/address.hpp"
#include "configs/node_config.hpp"
#include "configs/version.hpp"
#include "messages/hash.hpp"
#include "messages/type_ids.hpp"

#include <caf/scoped_actor.hpp>
#include <spdlog/spdlog.h>

#include <atomic>
#include <chrono>

namespace jindou::app {

/// Everything alive, in the order of its birth.
class node::house {
public:
  explicit house(const configs::options& chosen)
      : chosen_(chosen), config_(chosen) {
    config_.add_message_types<caf::id_block::jindou_messages>();
    config_.add_error_category(caf::atom("jindou"), render_errc);
  }

  ~house() {
    stop();
  }

  result<void, start_fault> build();
  void stop();
  void announce() const;
  void reload(const configs::options& fresh);
  void deliver(const user_delivery_ptr& d);
  void deliver(const channel_delivery_ptr& d);
  bool lives();

private:
  result<void, start_fault> open_store();
  void build_pools();
  void reload_certificates();
  void take_over_rates();
  actors::user_services user_services_of();
  actors::channel_services channel_services_of();
  result<void, start_fault> open_doors();
  actors::gateway_options gateway_options_of();
  actors::gateway_limits gateway_limits_of() const;
  std::string find_demo();
  actors::http::http_options http_options_of();
  actors::http::route_addresses addresses() const;
  void add_gauges();
  void add_known_gauges();
  void look_at_open_files();
  std::string not_ready() const;
  void wait_until_quiet(std::chrono::steady_clock::time_point deadline) const;

  configs::options chosen_;
  configs::node_config config_;
  std::chrono::steady_clock::time_point born_
    = std::chrono::steady_clock::now();
  std::uint64_t open_files_ = 0;
  bool demo_there_ = false;
  std::string token_;
  std::string token_file_;
  metrics_ptr stats_ = std::make_shared<metrics>();
  std::unique_ptr<caf::actor_system> system_;
  std::unique_ptr<replica_rooms> rooms_;
  std::shared_ptr<actors::id_generator> ids_;
  std::shared_ptr<actors::session_table> sessions_
    = std::make_shared<actors::session_table>();
  std::shared_ptr<actors::live_rate> user_rate_
    = std::make_shared<actors::live_rate>();
  std::shared_ptr<actors::live_rate> channel_rate_
    = std::make_shared<actors::live_rate>();
  std::shared_ptr<actors::rate_table> address_rates_
    = std::make_shared<actors::rate_table>(actors::rate{},
                                           limits::rated_addresses_max);
  /// Shared with channels, which may still run when this lets go.
  std::shared_ptr<actors::pusher_pool> pushers_;
  actors::channel_services_ptr channel_services_;
  actors::user_services_ptr user_services_;
  std::shared_ptr<actors::channel_directory> channels_;
  std::shared_ptr<actors::user_directory> users_;
  sweeper_actor sweeper_;
  std::shared_ptr<http_proposer> proposer_;
  std::unique_ptr<pulse> pulse_;
  std::unique_ptr<actors::http::http_listener> http_;
  std::unique_ptr<actors::gateway> gateway_;
  std::atomic<bool> stopping_{false};
  bool stopped_ = false;
};

/// Wall clock, milliseconds since 1970.
std::int64_t wall_clock_ms();

inline std::chrono::milliseconds ms(configs::duration d) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(d);
}

/// Cuts "host:port" at the last colon.
std::pair<std::string, std::uint16_t> host_and_port(const std::string& addr);

} // namespace jindou::app
