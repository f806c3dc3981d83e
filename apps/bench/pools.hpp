#pragma once

#include "apps/bench/conductor.hpp"
#include "apps/bench/figure.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace jindou::bench {

struct pools_options {
  plan when;
  /// Where the node keeps its store; on the disk that matters. Made for
  /// the run, removed after it.
  std::string data_dir = "build/bench/pools";
  /// Users; each sends to its neighbour, so that there are as many channels.
  unsigned channels = 1'000;
  /// Messages per second of all users together, sent on time whatever the
  /// node does.
  std::uint64_t rate = 100'000;
  /// SENDs of one user that arrive together.
  unsigned batch = 1;
  std::size_t payload_bytes = 128;
};

/// Measures the pools of users, channels and pushers with consensus and store
/// in this process: a whole node as its composition root builds it, only that
/// sessions without sockets deliver SENDs and take SENDACKs and RECVs. No
/// encryption: that belongs to the connections. Reports the time from when a
/// SEND should have arrived to its SENDACK, and allocations per message.
/// Errors: says in `fault` why there is no figure.
report run_pools(const pools_options& options, std::string& fault);

} // namespace jindou::bench
