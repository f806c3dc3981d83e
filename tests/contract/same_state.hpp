#pragma once

#include "tests/support/twin_driver.hpp"

namespace jindou::test {

/// Expects that tables and twin say the same of everything.
void expect_same_state(storage::replica_store& tables,
                       storage::memory_tables& memory);
void expect_same_state(twin_driver& twin);

} // namespace jindou::test
