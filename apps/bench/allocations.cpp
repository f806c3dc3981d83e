#include "apps/bench/allocations.hpp"

#include <cstddef>

// jemalloc's, where it is linked.
extern "C" __attribute__((weak)) int mallctl(const char* name, void* old_value,
                                             std::size_t* old_size,
                                             void* new_value,
                                             std::size_t new_size);

namespace jindou::bench {

namespace {

std::optional<std::uint64_t> counter(const char* name) {
  std::uint64_t x = 0;
  auto size = sizeof(x);
  if (mallctl(name, &x, &size, nullptr, 0) != 0)
    return std::nullopt;
  return x;
}

/// Makes jemalloc gather its counts. False: there is no jemalloc.
bool gather() {
  std::uint64_t epoch = 1;
  return mallctl != nullptr
         && mallctl("epoch", nullptr, nullptr, &epoch, sizeof(epoch)) == 0;
}

} // namespace

std::optional<std::uint64_t> allocation_count() {
  if (!gather())
    return std::nullopt;
  // 4096 stands for all arenas together.
  auto small = counter("stats.arenas.4096.small.nmalloc");
  auto large = counter("stats.arenas.4096.large.nmalloc");
  if (!small || !large)
    return std::nullopt;
  return *small + *large;
}

std::optional<std::uint64_t> allocated_bytes() {
  if (!gather())
    return std::nullopt;
  return counter("stats.allocated");
}

} // namespace jindou::bench
