#pragma once

#include "actors/channel/channel_directory.hpp"
#include "actors/user/user_directory.hpp"

#include <caf/replies_to.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_actor.hpp>

#include <chrono>
#include <cstdint>
#include <memory>

namespace jindou::app {

/// Walks the directories once a second, instead of a timer per actor.
using sweeper_actor = caf::typed_actor<
  // INTERNAL: probes idle actors, reminds waiting ones of their deadlines.
  caf::reacts_to<atom::tick>>;

struct sweeper_options {
  std::shared_ptr<actors::user_directory> users;
  std::shared_ptr<actors::channel_directory> channels;
  std::chrono::nanoseconds user_idle_time{};
  std::chrono::nanoseconds channel_idle_time{};
  /// How often users look for RECVs to be pushed again.
  std::chrono::nanoseconds retry_scan{};
};

class sweeper_state {
public:
  static constexpr const char* name = "jindou.sweeper";

  explicit sweeper_state(sweeper_actor::pointer self) : self_(self) {
    // nop
  }

  void start(sweeper_options options);
  void on_tick();

private:
  sweeper_actor::pointer self_;
  sweeper_options options_;
  std::int64_t next_scan_ns_ = 0;
};

/// Creates the behavior of the SWEEPER. It ends by an exit message only.
sweeper_actor::behavior_type
sweeper(sweeper_actor::stateful_pointer<sweeper_state> self,
        sweeper_options options);

} // namespace jindou::app
