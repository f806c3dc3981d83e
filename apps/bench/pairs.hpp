#pragma once

#include "apps/bench/accounts.hpp"
#include "apps/bench/conductor.hpp"
#include "apps/bench/figure.hpp"
#include "apps/client/stream.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace jindou::bench {

struct pairs_options {
  client::endpoint server;
  http_access http;
  plan when;
  unsigned pairs = 100;
  std::size_t payload_bytes = 128;
  /// Closed loop: SENDs of one sender that wait for their SENDACK.
  unsigned window = 1;
  /// Open loop instead: messages per second of all pairs together; 0 = closed.
  std::uint64_t rate = 0;
  bool no_persist = false;
  /// Refuses a server that encrypts, so that a figure without encryption
  /// cannot be mistaken.
  bool no_encrypt = false;
  /// Every how manieth RECV of a pair is checked and decrypted.
  unsigned verify_every = 1;
  /// Begins every uid of the run.
  std::string uid_prefix = "bench";
  /// More is sent than the server can take: what it refuses, and what could not
  /// be sent because too much was unanswered, are figures and no faults.
  bool overload = false;
};

/// Measures 1:1 messages end to end, from SEND to SENDACK and RECV, and checks
/// that none is lost, doubled, damaged or out of order.
/// Errors: says in `fault` why there is no figure.
report run_pairs(client::thread_kit& kit, const pairs_options& options,
                 std::string& fault);

} // namespace jindou::bench
