#pragma once

#include "apps/node/start_fault.hpp"
#include "storage/work.hpp"

namespace jindou::app {

/// Why the store of a directory does not open: what is wrong with which file,
/// and what to do.
start_fault store_fault(const std::string& dir, const storage::error& e);

/// A fault in words, without what to do.
std::string words_of(const storage::error& e);

} // namespace jindou::app
