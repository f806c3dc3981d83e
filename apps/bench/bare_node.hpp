#pragma once

#include "configs/node_config.hpp"
#include "messages/cluster.hpp"

#include <caf/actor_system.hpp>

#include <string>

namespace jindou::bench {

/// What a node's actor system is told by default.
configs::node_config make_bare_config();

/// What a whole node in this process is told: a store in `data_dir`, free ports
/// on loopback, neither tokens nor encryption.
configs::options whole_node_options(const std::string& data_dir);

/// Makes a map on which one actor stands for all groups. It knows nobody and
/// answers at once what a log-in asks.
slot_map_ptr make_bare_slots(caf::actor_system& system);

/// Ends that actor.
void end_bare_slots(const slot_map& slots);

} // namespace jindou::bench
