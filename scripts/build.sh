#!/bin/bash
# Builds programs and tests of one preset.
# usage: scripts/build.sh [release|dev|asan] [target...]
set -euo pipefail
cd "$(dirname "$0")/.."

preset=${1:-release}
[ $# -eq 0 ] || shift
scripts/install.sh build
cmake --preset "$preset" >/dev/null
cmake --build --preset "$preset" -j "$(scripts/jobs.sh)" ${1:+--target "$@"}
