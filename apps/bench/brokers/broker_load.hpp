#pragma once

#include "apps/bench/accounts.hpp"
#include "apps/bench/brokers/broker_link.hpp"
#include "apps/bench/conductor.hpp"
#include "apps/bench/figure.hpp"

#include <cstddef>
#include <string>

namespace jindou::bench {

struct broker_options {
  broker_link_options link;
  client::endpoint server;
  http_access http; ///< jindou: makes users and the group
  plan when;
  /// Senders, each with a receiver of its own; or none and `receivers`.
  unsigned pairs = 100;
  /// Receivers of one sender; 0: pairs.
  unsigned receivers = 0;
  /// Messages of a sender that nobody has acknowledged; with receivers: that
  /// not all of them have.
  unsigned window = 1;
  std::size_t payload_bytes = 128;
  /// Process whose processor time is counted; 0: none.
  int pid = 0;
  /// Names the figures.
  std::string label = "jindou";
};

/// Puts the same load on brokers of different protocols: rate of messages that
/// arrive, time to the acknowledgement of the broker and to the receiver, and
/// processor time of the server for one that arrives.
/// Errors: says in `fault` why there is no figure.
report run_broker(const broker_options& options, std::string& fault);

} // namespace jindou::bench
