#pragma once

#include "storage/sqlite.hpp"

namespace jindou::storage {

/// Reads the rows of all replicas. What is damaged in one sets it aside.
result<void> read_replicas(connection& db, start_report& report);

/// Reads the last cut of every replica that is healthy until then.
result<void> read_cuts(connection& db, start_report& report);

} // namespace jindou::storage
