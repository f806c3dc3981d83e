#pragma once

#include "actors/channel/channel_directory.hpp"
#include "actors/user/user_directory.hpp"

#include <caf/replies_to.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_actor.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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
  /// A turn that runs longer is counted and logged once.
  std::chrono::nanoseconds turn_max{};
  metrics_ptr stats;
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
  template <class Directory>
  void sweep(const Directory& dir, std::string_view pool,
             std::chrono::nanoseconds idle_time, bool remind_all);
  void watch(const lease& who, std::string_view pool, const std::string& key);

  sweeper_actor::pointer self_;
  sweeper_options options_;
  std::int64_t now_ns_ = 0;
  std::int64_t next_scan_ns_ = 0;
  /// Begins of the turns that were found overdue, by this sweep and the last.
  std::vector<std::pair<const lease*, std::int64_t>> overdue_;
  std::vector<std::pair<const lease*, std::int64_t>> reported_;
};

/// Creates the behavior of the SWEEPER. Spawn it detached: it must see actors
/// that do not let go of their thread. It ends by an exit message only.
sweeper_actor::behavior_type
sweeper(sweeper_actor::stateful_pointer<sweeper_state> self,
        sweeper_options options);

} // namespace jindou::app
