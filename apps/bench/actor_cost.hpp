#pragma once

#include "apps/bench/conductor.hpp"
#include "apps/bench/figure.hpp"

#include <string>

namespace jindou::bench {

struct actor_options {
  /// The kinds of actors share a run.
  plan when;
  unsigned actors = 1'000;
};

/// Measures what the base class of users, channels and pushers costs beside a
/// plain typed actor of CAF with the same interface, state and messages: the
/// time of a message on the clock and on the processors, and the memory of an
/// actor. One thread sends, round robin. `door` is the base class as a
/// directory uses it: places are taken before a message and given back after.
/// Errors: says in `fault` why there is no figure.
report run_actor(const actor_options& options, std::string& fault);

} // namespace jindou::bench
