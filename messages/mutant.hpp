#pragma once

// Places at which a program can be broken on purpose, so that the tests of
// crashes can show that they would notice. Empty in everything that is shipped:
// only the mutant build of the tests defines JINDOU_MUTANTS, and there the
// environment variable JINDOU_MUTANT names the one fault to have.

#ifdef JINDOU_MUTANTS

#include <cstdlib>
#include <optional>
#include <string_view>
#include <unistd.h>

namespace jindou {

/// Whether this process is to have the named fault.
inline bool mutant_is(std::string_view name) {
  static const std::string_view chosen = [] {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody sets the environment
    auto value = std::getenv("JINDOU_MUTANT");
    return value == nullptr ? "" : value;
  }();
  return chosen == name;
}

/// Counts the calls of one place: true for one of `n`.
template <class Place>
bool one_of(unsigned n, Place) {
  static unsigned calls = 0;
  return ++calls % n == 0;
}

/// A value that outlives the call that made it; one per type.
template <class T>
std::optional<T>& kept() {
  static std::optional<T> value;
  return value;
}

/// Long enough for a kill to fall into it.
inline void linger() {
  ::usleep(20'000);
}

} // namespace jindou

/// Executes what follows the name if the process has that fault.
#define JINDOU_MUTANT_POINT(name, ...)                                         \
  do {                                                                         \
    if (::jindou::mutant_is(name)) {                                           \
      __VA_ARGS__;                                                             \
    }                                                                          \
  } while (false)

#else

#define JINDOU_MUTANT_POINT(name, ...) static_cast<void>(0)

#endif
