#pragma once

#include "storage/work.hpp"

#include <string>

namespace jindou::storage {

/// Says what in the rows of a replica contradicts the rest: no checksum covers
/// them, and a core that is restored from such rows would stop the process or
/// never lead. Names the row; empty = nothing.
std::string contradiction_in(const replica_start& x);

} // namespace jindou::storage
