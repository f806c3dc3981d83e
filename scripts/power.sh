#!/bin/bash
# Cuts the power of a simulated disk under many stores and compares.
# usage: scripts/power.sh [lives]
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/build.sh release test_contract
JINDOU_POWER_ROUNDS=${1:-1000} exec build/tests/test_contract \
  --gtest_filter='store_power_test.*'
