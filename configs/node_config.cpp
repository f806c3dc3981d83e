#include "configs/node_config.hpp"

#include "messages/errc_caf.hpp"

#include <algorithm>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

namespace jindou::configs {

using namespace std::chrono_literals;

node_config::node_config(options chosen) : chosen_(std::move(chosen)) {
  add_error_category(caf::atom("jindou"), render_errc);
  set_scheduler();
  set_network();
}

/// CAF's defaults are not for servers: 'stealing' starves actors under load,
/// and unlimited throughput lets one busy actor keep its thread.
void node_config::set_scheduler() {
  set("scheduler.policy", caf::atom("sharing"));
  set("scheduler.max-threads", scheduler_threads(chosen_.scheduler));
  set("scheduler.max-throughput", std::size_t{50});
}

/// By default CAF never notices a dead peer. The name of the cluster keeps
/// nodes of different clusters apart in the handshake.
void node_config::set_network() {
  auto name
    = chosen_.cluster.id.empty() ? "jindou" : "jindou/" + chosen_.cluster.id;
  set("middleman.workers", std::size_t{0}); // decode in the I/O thread
  set("middleman.heartbeat-interval", caf::timespan{500ms});
  set("middleman.connection-timeout", caf::timespan{3s});
  set("middleman.app-identifiers", std::vector<std::string>{name});
}

std::size_t scheduler_threads(const scheduler_options& x) {
  if (x.max_threads > 0)
    return x.max_threads;
  return static_cast<std::size_t>(
    std::max(1L, ::sysconf(_SC_NPROCESSORS_ONLN)));
}

} // namespace jindou::configs
