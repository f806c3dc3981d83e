#pragma once

#include "apps/bench/conductor.hpp"
#include "apps/bench/figure.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace jindou::bench {

struct user_pool_options {
  plan when;
  unsigned users = 100'000;
  /// Events of one user that arrive together.
  unsigned batch = 1;
  /// RECVACKs instead of SENDs.
  bool recvack = false;
  std::size_t payload_bytes = 128;
  /// Batches under way at once.
  std::uint64_t window = 8'192;
};

/// Measures the pool of users alone: its directory and its actors, with every
/// handler of their chains, in this process. Sessions have no sockets and
/// encrypt nothing; instead of channels stands a function that accepts every
/// message. A SEND ends with its SENDACK and so needs two messages between
/// actors, a RECVACK needs one. Users take turns.
/// Errors: says in `fault` why there is no figure.
report run_user_pool(const user_pool_options& options, std::string& fault);

} // namespace jindou::bench
