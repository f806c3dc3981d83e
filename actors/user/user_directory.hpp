#pragma once

#include "actors/directory.hpp"
#include "actors/user/user.hpp"

#include <caf/actor_system.hpp>

#include <memory>

namespace jindou::actors {

using user_directory = directory<user_actor, user_batch>;

/// Makes the only place that spawns USERs. `services()->forget` must lead back
/// here.
std::shared_ptr<user_directory>
make_user_directory(caf::actor_system& system, std::int64_t queue_max,
                    metrics_ptr stats,
                    std::function<user_services_ptr()> services);

} // namespace jindou::actors
