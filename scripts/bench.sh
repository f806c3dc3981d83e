#!/bin/bash
# Builds and runs the benchmarks.
# usage: scripts/bench.sh [argument of jindou-bench ...]
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/build.sh release jindou-node jindou-bench
exec build/bin/jindou-bench "$@"
