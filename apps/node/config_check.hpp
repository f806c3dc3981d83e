#pragma once

#include "configs/options.hpp"

namespace jindou::app {

/// Checks what only the room that uses an option can check: addresses of
/// proxies and, where nothing is to be run, certificate and key: a start reads
/// these itself, and what is wrong with them may be over at the next one.
/// Errors: names option and fault; the loader adds file and line.
result<void, configs::fault> check_further(const configs::options& x,
                                           bool only_checked);

} // namespace jindou::app
