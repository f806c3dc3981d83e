#pragma once

#include "apps/bench/conductor.hpp"
#include "apps/bench/figure.hpp"

#include <cstddef>
#include <string>

namespace jindou::bench {

struct storage_options {
  plan when;
  /// Where the store lies; on the disk that matters. Made for
  /// the run, removed after it.
  std::string data_dir = "build/bench/storage";
  std::size_t payload_bytes = 128;
};

/// Measures what the one writer of a store makes durable: messages per second
/// and the time of a flush, with 1, 16, 128 and 1,024 messages in each.
/// Errors: says in `fault` why there is no figure.
report run_storage(const storage_options& options, std::string& fault);

} // namespace jindou::bench
