#include "apps/bench/actor_cost.hpp"

#include "actors/resident.hpp"
#include "apps/bench/allocations.hpp"
#include "apps/bench/bare_node.hpp"
#include "messages/actors.hpp"
#include "messages/metrics.hpp"

#include <caf/actor_system.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <iostream>
#include <thread>
#include <vector>

namespace jindou::bench {

namespace {

using actors::resident_pointer;
using actors::resident_ref;

/// What both kinds of actors do with a message: next to nothing.
struct counting_state {
  static constexpr const char* name = "jindou.bench";
  metrics_ptr stats;

  void on_push() {
    stats->add(counter::recvs);
  }
};

using plain_pointer = pusher_actor::stateful_pointer<counting_state>;
using resident = resident_pointer<pusher_actor, counting_state>;

pusher_actor::behavior_type plain_counter(plain_pointer self,
                                          metrics_ptr stats) {
  self->state.stats = std::move(stats);
  return {
    [self](const push_delivery_ptr&) { self->state.on_push(); },
  };
}

pusher_actor::behavior_type resident_counter(resident self, metrics_ptr stats) {
  self->state.stats = std::move(stats);
  return {
    [self](const push_delivery_ptr&) {
      self->guarded(1, [&] { self->state.on_push(); });
    },
  };
}

/// Time spent on the processors by all threads.
std::int64_t processor_ns() {
  timespec x{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &x);
  return x.tv_sec * std::int64_t{1'000'000'000} + x.tv_nsec;
}

/// Actors of one kind and what they have cost in this run.
struct crew {
  const char* name = "";
  std::vector<resident_ref<pusher_actor>> actors;
  double bytes = 0;
  std::uint64_t messages = 0;
  std::int64_t time_ns = 0;
  std::int64_t processor_ns = 0;

  double time() const {
    return static_cast<double>(time_ns) / static_cast<double>(messages);
  }

  double processor() const {
    return static_cast<double>(processor_ns) / static_cast<double>(messages);
  }
};

class actor_load {
public:
  explicit actor_load(const actor_options& options)
      : options_(options), config_(make_bare_config()), system_(config_) {
    // nop
  }

  report run(std::string& fault) {
    std::fputs("warm-up\n", stderr);
    measure(options_.when.warmup); // pays for what exists once
    report_ = {};
    for (unsigned run = 0; run < options_.when.runs; ++run) {
      auto line = measure(options_.when.duration);
      std::fprintf(stderr, "run %u of %u: %s\n", run + 1, options_.when.runs,
                   line.c_str());
    }
    if (lost_ > 0)
      fault = "actors lost messages";
    report_.benchmark = "actor";
    report_.options = {{"actors", std::to_string(options_.actors)}};
    return std::move(report_);
  }

private:
  /// The kinds take turns, so that whatever else this machine does burdens
  /// all of them.
  std::string measure(std::chrono::nanoseconds duration) {
    std::array<crew, 3> crews;
    hire(crews[0], "plain", [this] { return make_plain(); });
    hire(crews[1], "resident", [this] {
      return resident_ref<pusher_actor>{make_resident().handle, {}};
    });
    hire(crews[2], "door", [this] { return make_resident(); });
    for (auto until = now_ns() + duration.count(); now_ns() < until;)
      for (auto& x : crews)
        load(x);
    for (auto& x : crews) {
      for (auto& who : x.actors)
        caf::anon_send_exit(who.handle, caf::exit_reason::user_shutdown);
      x.actors.clear();
    }
    system_.await_all_actors_done();
    return keep(crews);
  }

  resident_ref<pusher_actor> make_plain() {
    return {system_.spawn<caf::lazy_init>(plain_counter, stats_), {}};
  }

  resident_ref<pusher_actor> make_resident() {
    return actors::ref_of<counting_state>(
      system_.spawn<caf::lazy_init>(resident_counter, stats_));
  }

  template <class F>
  void hire(crew& x, const char* name, F make) {
    x.name = name;
    x.actors.reserve(options_.actors);
    auto before = allocated_bytes();
    for (unsigned i = 0; i < options_.actors; ++i)
      x.actors.push_back(make());
    send_round(x);
    await_handled(sent_); // an actor grows at its first message
    if (auto after = allocated_bytes(); after && before)
      x.bytes = (static_cast<double>(*after) - static_cast<double>(*before))
                / options_.actors;
  }

  void load(crew& x) {
    auto sent = sent_;
    auto processor = processor_ns();
    auto began = now_ns();
    while (sent_ - sent < turn) {
      send_round(x);
      if (sent_ - handled() > in_flight_max)
        await_handled(sent_ - in_flight_max / 2);
    }
    await_handled(sent_);
    x.messages += sent_ - sent;
    x.time_ns += now_ns() - began;
    x.processor_ns += processor_ns() - processor;
  }

  void send_round(crew& to) {
    for (auto& who : to.actors) {
      auto x = std::make_shared<push_delivery>(push_batch{}, 1, nullptr);
      if (who.place) { // as `directory::deliver` does
        if (who.place->enter(1, places_max) != lease::door::open) {
          ++lost_;
          continue;
        }
        x->hold(who.place);
      }
      caf::anon_send(who.handle, std::move(x));
      ++sent_;
    }
  }

  std::uint64_t handled() const {
    return stats_->value(counter::recvs);
  }

  /// Sleeps: a thread that spins would take the actors' processors.
  void await_handled(std::uint64_t n) const {
    while (handled() < n)
      std::this_thread::sleep_for(std::chrono::microseconds{50});
  }

  std::string keep(const std::array<crew, 3>& crews) {
    std::string line;
    auto& plain = crews[0];
    for (auto& x : crews) {
      auto name = std::string{"actor."} + x.name;
      add(name, x.time(), x.processor(), x.bytes);
      if (&x != &plain)
        add(name + ".more", x.time() - plain.time(),
            x.processor() - plain.processor(), x.bytes - plain.bytes);
      char text[64];
      std::snprintf(text, sizeof(text), "%s%s %.0f ns",
                    line.empty() ? "" : ", ", x.name, x.time());
      line += text;
    }
    return line;
  }

  void add(const std::string& name, double time, double processor,
           double bytes) {
    report_.at(name + ".time", "ns/message").runs.push_back(time);
    report_.at(name + ".processor", "ns/message").runs.push_back(processor);
    if (allocated_bytes()) // else nothing counts them
      report_.at(name + ".bytes", "bytes/actor").runs.push_back(bytes);
  }

  /// Messages of one kind before the next has its turn.
  static constexpr std::uint64_t turn = 50'000;
  static constexpr std::uint64_t in_flight_max = 16'000;
  static constexpr std::int64_t places_max = 1 << 20;

  const actor_options& options_;
  metrics_ptr stats_ = std::make_shared<metrics>();
  configs::node_config config_;
  caf::actor_system system_;
  report report_;
  std::uint64_t sent_ = 0;
  std::uint64_t lost_ = 0;
};

} // namespace

report run_actor(const actor_options& options, std::string& fault) {
  return actor_load{options}.run(fault);
}

} // namespace jindou::bench
