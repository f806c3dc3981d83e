#pragma once

#include "messages/errc_caf.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/scoped_actor.hpp>
#include <gtest/gtest.h>

namespace jindou::test {

/// An actor system in one thread with virtual time: nothing runs unless the
/// test says so.
class actor_fixture : public testing::Test {
protected:
  struct config : caf::actor_system_config {
    config() {
      set("scheduler.policy", caf::atom("testing"));
      add_error_category(caf::atom("jindou"), render_errc);
    }
  };

  config cfg;
  caf::actor_system sys{cfg};
  caf::scheduler::test_coordinator& sched
    = dynamic_cast<caf::scheduler::test_coordinator&>(sys.scheduler());
  caf::scoped_actor self{sys};

  /// Delivers all mail; fires no timer.
  void settle() {
    while (sched.try_run_once()) {
      // nop
    }
  }

  /// Moves the clock.
  void pass(caf::timespan d) {
    sched.advance_time(d);
    settle();
  }
};

} // namespace jindou::test
