#pragma once

#include "apps/bench/conductor.hpp"
#include "apps/bench/figure.hpp"

#include <cstddef>
#include <string>

namespace jindou::bench {

struct echo_options {
  plan when;
  unsigned connections = 100;
  /// About one encrypted SEND of 128 bytes.
  std::size_t bytes = 280;
  unsigned window = 1;
};

/// Measures the ceiling of this machine: a server in a thread of its own that
/// only sends back what it reads, with the input and output of `stream`, under
/// the generator of the other benchmarks. One message = 2 writes and 2 reads;
/// a stored 1:1 message (SEND, SENDACK, RECV, RECVACK) needs 4 and 4.
/// Errors: says in `fault` why there is no figure.
report run_echo(const echo_options& options, std::string& fault);

} // namespace jindou::bench
