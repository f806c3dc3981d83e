#!/bin/bash
# Makes tests/golden/data-v1, a data directory that every later build must
# open. Refuses to replace one: a new format gets a new directory.
# usage: scripts/golden-data.sh
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/build.sh release test_node
build/tests/test_node --gtest_also_run_disabled_tests \
  --gtest_filter=golden_data_test.DISABLED_makes_a_directory
