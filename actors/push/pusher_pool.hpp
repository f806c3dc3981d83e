#pragma once

#include "actors/push/pusher.hpp"
#include "messages/actors.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/scoped_execution_unit.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

namespace jindou::actors {

/// The pushers of a node: a CAF worker pool whose policy picks the worker by
/// lane, so that everything of one lane stays in order.
class pusher_pool {
public:
  pusher_pool(caf::actor_system& system, std::size_t workers,
              std::int64_t queue_max, pusher_options options);
  pusher_pool(const pusher_pool&) = delete;
  ~pusher_pool();

  /// Hands a part of a fan-out to its worker, or answers `errc::busy`: then it
  /// takes the off-line path. Any thread.
  void push(const push_delivery_ptr& x);

  /// Sum of the batches that wait.
  std::int64_t depth() const;

  std::size_t workers() const {
    return workers_.size();
  }

  /// Ends the workers behind what is queued.
  void stop();

private:
  metrics_ptr stats_;
  std::int64_t queue_max_;
  caf::scoped_execution_unit unit_;
  std::vector<resident_ref<pusher_actor>> workers_;
  caf::actor pool_;
  std::atomic<bool> stopped_{false};
};

} // namespace jindou::actors
