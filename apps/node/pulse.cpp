#include "apps/node/pulse.hpp"

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace jindou::app {

namespace {

pulse_actor::behavior_type
counting(pulse_actor::pointer,
         const std::shared_ptr<std::atomic<std::uint64_t>>& handled) {
  return {
    [handled](atom::tick) { ++*handled; },
  };
}

} // namespace

pulse::pulse(caf::actor_system& system)
    : handled_(std::make_shared<std::atomic<std::uint64_t>>(0)),
      actor_(system.spawn<caf::hidden>(counting, handled_)) {
  // nop
}

pulse::~pulse() {
  caf::anon_send_exit(actor_, caf::exit_reason::user_shutdown);
}

bool pulse::beats() {
  if (handled_->load() != sent_)
    return false;
  ++sent_;
  caf::anon_send(actor_, atom::tick::value);
  return true;
}

} // namespace jindou::app
