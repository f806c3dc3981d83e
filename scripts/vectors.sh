#!/bin/bash
# Checks the codec against a file of golden vectors.
# usage: scripts/vectors.sh [FILE]    (default: those of the tests)
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/build.sh release jindou-vectors >&2
exec build/bin/jindou-vectors "${1:-tests/golden/golden-vectors.json}"
