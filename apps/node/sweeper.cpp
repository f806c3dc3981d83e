#include "apps/node/sweeper.hpp"

#include <caf/send.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace jindou::app {

namespace {

std::int64_t now_ns() {
  return std::chrono::steady_clock::now().time_since_epoch().count();
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

/// Probes the actors of one directory.
template <class Directory>
void sweeper_state::sweep(const Directory& dir, std::string_view pool,
                          std::chrono::nanoseconds idle_time, bool remind_all) {
  dir.for_each([&](const std::string& key, const auto& ref) {
    auto quiet = now_ns_ - ref.place->last_active_ns.load();
    if (remind_all || ref.place->depth() > 0)
      caf::anon_send(ref.handle, atom::tick::value);
    else if (quiet > idle_time.count())
      caf::anon_send(ref.handle, atom::idle::value);
    watch(*ref.place, pool, key);
  });
}

/// Reports a turn that runs for too long, once.
void sweeper_state::watch(const lease& who, std::string_view pool,
                          const std::string& key) {
  auto since = who.running_since_ns.load(std::memory_order_relaxed);
  if (since == 0 || now_ns_ - since <= options_.turn_max.count())
    return;
  std::pair<const lease*, std::int64_t> turn{&who, since};
  overdue_.push_back(turn);
  if (std::find(reported_.begin(), reported_.end(), turn) != reported_.end())
    return;
  options_.stats->add(counter::turns_overdue);
  spdlog::warn("[turn-overdue] {} {} runs one turn for {} ms", pool, key,
               (now_ns_ - since) / 1'000'000);
}

void sweeper_state::on_tick() {
  now_ns_ = now_ns();
  auto scan = now_ns_ >= next_scan_ns_;
  if (scan)
    next_scan_ns_ = now_ns_ + options_.retry_scan.count();
  overdue_.clear();
  sweep(*options_.users, "user", options_.user_idle_time, scan);
  sweep(*options_.channels, "channel", options_.channel_idle_time, false);
  reported_.swap(overdue_);
  self_->delayed_send(self_, std::chrono::seconds{1}, atom::tick::value);
}

} // namespace jindou::app
