#pragma once

#include "configs/options.hpp"

namespace jindou::app {

/// Checks what only the room that uses an option can check: addresses of
/// proxies, certificate and key. Reads files.
/// Errors: names option and fault; the loader adds file and line.
result<void, configs::fault> check_further(const configs::options& x);

} // namespace jindou::app
