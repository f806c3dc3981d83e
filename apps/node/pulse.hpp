#pragma once

#include "messages/actors.hpp"

#include <caf/actor_system.hpp>

#include <atomic>
#include <cstdint>
#include <memory>

namespace jindou::app {

/// Counts the ticks that it gets.
using pulse_actor = caf::typed_actor<
  // Notes that the scheduler has come this far.
  caf::reacts_to<atom::tick>>;

/// Tells whether the scheduler works: an actor of its own in the same queue as
/// users and channels. One caller.
class pulse {
public:
  explicit pulse(caf::actor_system& system);
  pulse(const pulse&) = delete;
  ~pulse();

  /// Says whether the tick of the last call was handled, and sends the next.
  bool beats();

private:
  std::shared_ptr<std::atomic<std::uint64_t>> handled_;
  std::uint64_t sent_ = 0;
  pulse_actor actor_;
};

} // namespace jindou::app
