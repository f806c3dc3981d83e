#pragma once

#include "apps/node/start_fault.hpp"
#include "messages/result.hpp"

#include <string>

namespace jindou::app {

/// Reads the manager token from `path`; the first start writes a random one
/// there that only its owner can read.
/// Errors: in words; code 78 for what is in the file, 1 for what the system
/// refuses.
result<std::string, start_fault> manager_token(const std::string& path);

/// Reads it where it must be there already.
result<std::string, start_fault> read_manager_token(const std::string& path);

} // namespace jindou::app
