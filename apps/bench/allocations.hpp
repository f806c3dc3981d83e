#pragma once

#include <cstdint>
#include <optional>

namespace jindou::bench {

/// Returns how many blocks this process has allocated since its start, as the
/// allocator counts them; nothing without jemalloc.
std::optional<std::uint64_t> allocation_count();

} // namespace jindou::bench
