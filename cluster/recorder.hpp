#pragma once

#include "messages/actors.hpp"
#include "messages/command.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <cstdint>

namespace jindou::cluster {

/// Proposes one command until it is applied.
using recorder_actor = caf::typed_actor<
  // INTERNAL: proposes, again if the last attempt was refused.
  caf::reacts_to<atom::tick>>
  // Conforms to the PROPOSER protocol.
  ::extend_with<proposer_actor>;

struct recorder_options {
  raft_host_actor host;
  group_id group = 0;
  command::any what;
  std::chrono::milliseconds pause{20};
};

/// Memory of one RECORDER.
class recorder_state {
public:
  static constexpr const char* name = "jindou.recorder";

  explicit recorder_state(recorder_actor::pointer selfptr) : self_(selfptr) {
    // nop
  }

  void start(recorder_options options);
  void on_applied(const applied_ptr& what);
  void on_tick();

private:
  recorder_actor::pointer self_;
  recorder_options options_;
  std::uint64_t request_ = 0;
};

/// Creates the behavior of a RECORDER: for commands that the node itself wants
/// recorded at start, when the group may not be ready yet. It ends without
/// error once the command is applied, and with `errc` if it never can be;
/// monitor it. Only for commands that may be applied twice.
recorder_actor::behavior_type
recorder(recorder_actor::stateful_pointer<recorder_state> self,
         recorder_options options);

} // namespace jindou::cluster
