#pragma once

#include "apps/bench/accounts.hpp"
#include "apps/bench/conductor.hpp"
#include "apps/bench/figure.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace jindou::bench {

struct history_options {
  http_access http;
  plan when;
  /// Person channels of one sender.
  std::size_t channels = 1'000;
  /// Messages that each of them gets before, and so must have.
  std::size_t messages = 100;
  std::size_t payload_bytes = 128;
  /// Sends the messages first; else an earlier run has.
  bool fill = true;
  /// Connections that read, each one page after the other.
  unsigned connections = 1;
  /// Messages of a page.
  std::size_t limit = 20;
  std::uint64_t seed = 1;
  std::string uid_prefix = "history";
};

/// Measures the time of reading the newest messages of random channels by POST
/// /channel/messagesync, from a server that keeps them for real.
/// Errors: says in `fault` why there is no figure.
report run_history(client::thread_kit& kit, const history_options& options,
                   std::string& fault);

} // namespace jindou::bench
