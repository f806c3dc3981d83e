// What a node takes over while it runs.

#include "configs/reload.hpp"

#include "apps/node/house.hpp"
#include "apps/node/open_files.hpp"
#include "configs/logging.hpp"

#include <algorithm>

namespace jindou::app {

void node::house::reload(const configs::options& fresh) {
  for (auto& x : configs::changes(chosen_, fresh)) {
    if (x.live)
      spdlog::info("[option-changed] node takes over {} = {}, was {}", x.name,
                   x.after, x.before);
    else
      spdlog::warn("[option-needs-restart] node keeps {} = {} until it is "
                   "started again with {}",
                   x.name, x.before, x.after);
  }
  chosen_ = configs::taken_over(chosen_, fresh);
  configs::change_levels(chosen_.log, chosen_.log_levels);
  take_over_rates();
  gateway_->change_limits(gateway_limits_of());
  reload_certificates();
}

/// At the start as well.
void node::house::take_over_rates() {
  auto& rates = chosen_.rates;
  user_rate_->set({rates.user_per_second, rates.user_burst});
  channel_rate_->set({rates.channel_per_second, rates.channel_burst});
  address_rates_->change({rates.ip_per_second, rates.ip_burst});
}

actors::gateway_limits node::house::gateway_limits_of() const {
  auto& from = chosen_.gateway;
  auto per_ip = from.connections_per_ip_max;
  auto all
    = std::min<std::uint64_t>(from.connections_max, client_files(open_files_));
  return {all, per_ip == 0 ? all : per_ip, from.session_window,
          from.node_window, from.bulk_window};
}

void node::house::reload_certificates() {
  auto wrong = gateway_->reload_certificates();
  if (wrong.empty())
    spdlog::info("[node-reloaded] node has read its files again");
  else
    spdlog::error("[node-reload-failed] node keeps its certificate: {}", wrong);
}

} // namespace jindou::app
