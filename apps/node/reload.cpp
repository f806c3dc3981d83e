// What a node takes over while it runs.

#include "configs/reload.hpp"

#include "apps/node/house.hpp"
#include "configs/logging.hpp"

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
  reload_certificates();
}

void node::house::reload_certificates() {
  auto wrong = gateway_->reload_certificates();
  if (wrong.empty())
    spdlog::info("[node-reloaded] node has read its files again");
  else
    spdlog::error("[node-reload-failed] node keeps its certificate: {}", wrong);
}

} // namespace jindou::app
