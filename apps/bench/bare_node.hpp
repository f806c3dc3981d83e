#pragma once

#include "configs/node_config.hpp"
#include "messages/cluster.hpp"

#include <caf/actor_system.hpp>

namespace jindou::bench {

/// What a node's actor system is told by default.
configs::node_config make_bare_config();

/// Makes a map on which one actor stands for all groups. It knows nobody and
/// answers at once what a log-in asks.
slot_map_ptr make_bare_slots(caf::actor_system& system);

/// Ends that actor.
void end_bare_slots(const slot_map& slots);

} // namespace jindou::bench
