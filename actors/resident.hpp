#pragma once

#include "messages/lease.hpp"

#include <caf/actor_cast.hpp>
#include <caf/error.hpp>
#include <caf/execution_unit.hpp>
#include <caf/resumable.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <exception>
#include <memory>

namespace jindou::actors {

/// What an actor does about an event whose handler threw, told the reason.
using quarantine_fun = std::function<void(std::string_view)>;

/// Base of every user, channel and pusher. Sits between the state and CAF's
/// base: counts turns and time, closes the door when the actor ends in
/// whatever way, and catches what a handler throws.
template <class Base>
class resident_actor : public Base {
public:
  using Base::Base;

  caf::resumable::resume_result resume(caf::execution_unit* eu,
                                       std::size_t max) override {
    auto t0 = std::chrono::steady_clock::now().time_since_epoch();
    place_->running_since_ns.store(t0.count(), std::memory_order_relaxed);
    auto res = Base::resume(eu, max); // up to max-throughput messages
    auto t1 = std::chrono::steady_clock::now().time_since_epoch();
    while (res == caf::resumable::resume_later && t1 - t0 < turn_) {
      res = Base::resume(eu, max);
      t1 = std::chrono::steady_clock::now().time_since_epoch();
    }
    place_->busy_ns.fetch_add(static_cast<std::uint64_t>((t1 - t0).count()),
                              std::memory_order_relaxed);
    place_->last_active_ns.store(t1.count(), std::memory_order_relaxed);
    place_->running_since_ns.store(0, std::memory_order_relaxed);
    return res;
  }

  bool cleanup(caf::error&& why, caf::execution_unit* host) override {
    place_->shut(); // killed or thrown out: nobody may enter any more
    return Base::cleanup(std::move(why), host);
  }

  /// The counters and the door, shared with the directory and with deliveries
  /// that are on their way.
  const std::shared_ptr<lease>& place() const {
    return place_;
  }

  /// Lets the actor go on for this long before others have their turn. For the
  /// few that serve many: the scheduler counts turns, and a pusher that gets
  /// one among a thousand channels falls behind all of them.
  void set_turn(std::chrono::nanoseconds turn) {
    turn_ = turn;
  }

  /// Whether this turn brings more after the message that is being handled. An
  /// actor that leaves its work for the last message of a turn hands on one
  /// batch instead of many.
  bool more_waits() {
    return !this->mailbox().empty();
  }

  /// Runs one handler for `events` events; what it throws costs this message,
  /// never the actor.
  template <class F>
  void guarded(std::uint64_t events, F f) {
    place_->handled.fetch_add(events, std::memory_order_relaxed);
    try {
      f();
    } catch (const std::exception& e) {
      place_->faults.fetch_add(1, std::memory_order_relaxed);
      this->on_fault(e.what());
    }
  }

  /// Told of every exception; set by the state.
  void set_quarantine(quarantine_fun f) {
    quarantine_ = std::move(f);
  }

private:
  void on_fault(std::string_view reason) {
    if (quarantine_)
      quarantine_(reason);
  }

  std::shared_ptr<lease> place_ = std::make_shared<lease>();
  std::chrono::nanoseconds turn_{0};
  quarantine_fun quarantine_;
};

/// What the factory of a resident actor gets as `self`.
template <class Handle, class State>
using resident_pointer
  = caf::stateful_actor<State, resident_actor<typename Handle::base>>*;

/// A resident with its door: what a directory keeps.
template <class Handle>
struct resident_ref {
  Handle handle;
  std::shared_ptr<lease> place;
};

/// Finds the door of an actor that was just spawned. `State` is the state of
/// its factory.
template <class State, class Handle>
resident_ref<Handle> ref_of(Handle hdl) {
  using concrete = std::remove_pointer_t<resident_pointer<Handle, State>>;
  auto* ptr
    = static_cast<concrete*>(caf::actor_cast<caf::abstract_actor*>(hdl));
  auto place = ptr->place();
  return {std::move(hdl), std::move(place)};
}

} // namespace jindou::actors
