#!/bin/bash
# Kills a loaded node at random points and compares what was acknowledged.
# usage: scripts/crash.sh [rounds]
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/build.sh release jindou-node test_crash
JINDOU_CRASH_ROUNDS=${1:-20} exec build/tests/test_crash
