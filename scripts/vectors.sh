#!/bin/bash
# Checks the codec against a file of golden vectors.
# usage: scripts/vectors.sh FILE
set -euo pipefail
cd "$(dirname "$0")/.."

[ $# -eq 1 ] || {
  echo "usage: make vectors VECTORS=FILE" >&2
  exit 2
}
scripts/build.sh release jindou-vectors >&2
exec build/bin/jindou-vectors "$1"
