#pragma once

#include "configs/options.hpp"

#include <caf/actor_system_config.hpp>

#include <cstddef>

namespace jindou::configs {

/// The options of a node as an actor system wants them. CAF itself parses
/// neither file nor arguments: `configs::parse` has done so. The roof adds its
/// message types (`add_message_types`) and modules (`load`) before it makes the
/// system.
class node_config : public caf::actor_system_config {
public:
  explicit node_config(options chosen);

  const options& chosen() const {
    return chosen_;
  }

private:
  void set_scheduler();
  void set_network();

  options chosen_;
};

/// Returns how many threads run actors: the option, or one per core.
std::size_t scheduler_threads(const scheduler_options& x);

} // namespace jindou::configs
