#pragma once

#include "apps/bench/conductor.hpp"
#include "apps/bench/figure.hpp"

#include <cstdint>
#include <string>

namespace jindou::bench {

/// One pool of actors, as its driver sees it.
class driven_pool {
public:
  virtual ~driven_pool() = default;

  /// Hands in what should have arrived at `intended_ns`; returns how many
  /// events that are.
  virtual std::uint64_t send(std::int64_t intended_ns) = 0;

  /// Events that have ended since the start, in whatever way.
  virtual std::uint64_t ended() const = 0;

  /// Takes the times from when events should have arrived to their end.
  virtual histogram take_times() = 0;
};

/// Loads a pool from the calling thread: first with as much as a window lets
/// through, then, open loop, at half of the rate that it reached.
class pool_driver {
public:
  /// `window`: events under way at once.
  pool_driver(driven_pool& pool, plan when, std::uint64_t window);

  /// Adds `name`.rate in `unit` and the quantiles of `name`.half.
  void run(report& to, const std::string& name, const std::string& unit);

  /// Waits until everything sent has ended. False: it has not in time.
  bool drain();

  std::uint64_t sent() const {
    return sent_;
  }

private:
  double saturate(std::chrono::nanoseconds time);
  void keep_pace(std::chrono::nanoseconds time, double rate);
  std::uint64_t under_way() const;

  driven_pool& pool_;
  plan when_;
  std::uint64_t window_;
  std::uint64_t sent_ = 0;
};

} // namespace jindou::bench
