#include "tests/fuzz/target.hpp"

// Compiled once per program of libFuzzer.

namespace jindou::fuzz {

const target& chosen_target() {
  return JINDOU_FUZZ_TARGET;
}

} // namespace jindou::fuzz
