#pragma once

#include "configs/options.hpp"

namespace jindou::app {

/// Has the running node make a backup (`--backup-to`), and shows how far it is.
/// Returns the exit code.
int backup_to(const configs::options& chosen);

/// Makes the data directory from a backup (`--restore-from`). Returns the exit
/// code.
int restore_from(const configs::options& chosen);

} // namespace jindou::app
