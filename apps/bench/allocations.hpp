#pragma once

#include <cstdint>
#include <optional>

namespace jindou::bench {

/// Returns how many blocks this process has allocated since its start, as the
/// allocator counts them; nothing without jemalloc.
std::optional<std::uint64_t> allocation_count();

/// Returns how many bytes are allocated now, by size as asked for and rounded
/// up to a size class; nothing without jemalloc.
std::optional<std::uint64_t> allocated_bytes();

} // namespace jindou::bench
