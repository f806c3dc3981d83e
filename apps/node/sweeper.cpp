#include "apps/node/sweeper.hpp"

#include <caf/send.hpp>

namespace jindou::app {

namespace {

std::int64_t now_ns() {
  return std::chrono::steady_clock::now().time_since_epoch().count();
}

/// Probes the actors of one directory.
template <class Directory>
void sweep(const Directory& dir, std::int64_t now,
           std::chrono::nanoseconds idle_time, bool remind_all) {
  dir.for_each([&](const std::string&, const auto& ref) {
    auto quiet = now - ref.place->last_active_ns.load();
    if (remind_all || ref.place->depth() > 0)
      caf::anon_send(ref.handle, atom::tick::value);
    else if (quiet > idle_time.count())
      caf::anon_send(ref.handle, atom::idle::value);
  });
}

} // namespace

sweeper_actor::behavior_type
sweeper(sweeper_actor::stateful_pointer<sweeper_state> self,
        sweeper_options options) {
  self->state.start(std::move(options));
  return {
    [self](atom::tick) { self->state.on_tick(); },
  };
}

void sweeper_state::start(sweeper_options options) {
  options_ = std::move(options);
  next_scan_ns_ = now_ns() + options_.retry_scan.count();
  self_->delayed_send(self_, std::chrono::seconds{1}, atom::tick::value);
}

void sweeper_state::on_tick() {
  auto now = now_ns();
  auto scan = now >= next_scan_ns_;
  if (scan)
    next_scan_ns_ = now + options_.retry_scan.count();
  sweep(*options_.users, now, options_.user_idle_time, scan);
  sweep(*options_.channels, now, options_.channel_idle_time, false);
  self_->delayed_send(self_, std::chrono::seconds{1}, atom::tick::value);
}

} // namespace jindou::app
