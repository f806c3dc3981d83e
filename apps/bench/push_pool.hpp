#pragma once

#include "apps/bench/conductor.hpp"
#include "apps/bench/figure.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace jindou::bench {

struct push_pool_options {
  plan when;
  /// Groups that all receivers are in.
  unsigned channels = 8;
  unsigned receivers = 1'000;
  /// Messages of one channel that are pushed together.
  unsigned batch = 1;
  /// Payloads are encrypted and signed for every receiver.
  bool encrypted = false;
  std::size_t payload_bytes = 128;
  /// Deliveries under way at once.
  std::uint64_t window = 50'000;
};

/// Measures the pool of pushers alone in this process: its workers and the
/// table of sessions as a node has them, receivers split as a channel does.
/// Sessions take frames and keep nothing. A delivery is one RECV for one
/// session; its time ends with that of the push it belongs to.
/// Errors: says in `fault` why there is no figure.
report run_push_pool(const push_pool_options& options, std::string& fault);

} // namespace jindou::bench
