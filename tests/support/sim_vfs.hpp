#pragma once

#include "tests/support/sim_disk.hpp"

struct sqlite3_vfs;

namespace jindou::test {

/// Makes a disk known to SQLite under its name; undone by the deleter. Locks
/// and the shared memory of the write-ahead log live in memory, too.
using sim_vfs_ptr = std::shared_ptr<sqlite3_vfs>;
sim_vfs_ptr register_vfs(sim_disk& disk);

} // namespace jindou::test
