#pragma once

#include "actors/channel/channel.hpp"
#include "actors/directory.hpp"

#include <caf/actor_system.hpp>

#include <memory>

namespace jindou::actors {

using channel_directory = directory<channel_actor, channel_batch>;

/// Makes the only place that spawns CHANNELs. `services->forget` must lead
/// back here.
std::shared_ptr<channel_directory>
make_channel_directory(caf::actor_system& system, std::int64_t queue_max,
                       metrics_ptr stats,
                       std::function<channel_services_ptr()> services);

} // namespace jindou::actors
