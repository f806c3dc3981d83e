#pragma once

#include "apps/bench/conductor.hpp"
#include "apps/bench/figure.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace jindou::bench {

struct isolation_options {
  plan when;
  /// Where the node keeps its store. Made for the run, removed after it.
  std::string data_dir = "build/bench/isolation";
  /// Users that are watched; each sends to its neighbour.
  unsigned victims = 200;
  /// Messages per second of all of them, sent on time.
  std::uint64_t rate = 5'000;
  /// SENDs per second of a flood, handed in whatever the node does.
  std::uint64_t flood = 300'000;
  /// Members, all online, of the group that a storm is pushed to, and its
  /// messages per second.
  unsigned crowd = 1'000;
  std::uint64_t storm = 50;
  std::size_t payload_bytes = 128;
};

/// Measures what users notice of others that misbehave: a whole node in this
/// process, sessions without sockets, and one phase after the other:
/// - quiet: nobody misbehaves,
/// - flooded_channel: four users flood one group,
/// - flooded_user: one user floods another,
/// - stuck_handler: every 1.5 s a handler of the user pool blocks its thread
///   for 1 s,
/// - push_storm: a group with many online members talks.
/// Per phase: time from when a SEND of a victim was due to its SENDACK and to
/// its RECV, apart for victims whose channel lives in the raft group of the
/// flooded channel; and what became of the load. Nothing stops a flood at the
/// socket here, so that queues must.
/// Errors: says in `fault` why there is no figure.
report run_isolation(const isolation_options& options, std::string& fault);

} // namespace jindou::bench
