#pragma once

#include <cstdio>
#include <cstdlib>

namespace jindou {

/// Says which invariant does not hold and stops the process: what comes after
/// would work on a state that nobody has thought about.
[[noreturn]] inline void invariant_broken(const char* what, const char* file,
                                          int line) {
  std::fprintf(stderr, "[invariant-broken] %s does not hold at %s:%d\n", what,
               file, line);
  std::abort();
}

} // namespace jindou

/// Checks an invariant of our own code in every build, release included. Never
/// for input from outside.
#define JINDOU_ASSERT(condition)                                               \
  ((condition) ? static_cast<void>(0)                                          \
               : ::jindou::invariant_broken(#condition, __FILE__, __LINE__))
