#pragma once

#include "apps/client/thread_kit.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>

namespace jindou::bench {

using clock = std::chrono::steady_clock;

/// Nanoseconds of the steady clock.
inline std::int64_t now_ns() {
  return clock::now().time_since_epoch().count();
}

/// How long a benchmark runs.
struct plan {
  std::chrono::milliseconds warmup{2'000};
  std::chrono::milliseconds duration{5'000};
  unsigned runs = 5;
  std::chrono::milliseconds drain_max{5'000};
};

/// Leads a load through its plan: warm-up, runs one after the other without a
/// pause, then waits until everything sent has arrived.
class conductor {
public:
  class player {
  public:
    virtual ~player() = default;

    /// Forgets what was counted: a run begins.
    virtual void begin_run() = 0;

    /// Keeps what was counted since `begin_run`; returns a line of progress.
    virtual std::string end_run(double seconds) = 0;

    virtual void stop_sending() = 0;

    virtual bool drained() const = 0;
  };

  conductor(client::thread_kit& kit, plan p, player& who);

  /// Starts the warm-up; stops the loop of the kit in the end.
  void start();

private:
  void begin_run();
  void end_run();
  void drain(clock::time_point until);
  template <class F>
  void after(std::chrono::milliseconds time, F then);

  client::thread_kit& kit_;
  plan plan_;
  player& player_;
  boost::asio::steady_timer timer_;
  clock::time_point began_;
  unsigned run_ = 0;
};

} // namespace jindou::bench
