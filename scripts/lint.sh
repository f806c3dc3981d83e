#!/bin/bash
# Runs clang-tidy on the sources that differ from a commit (default: main's).
# 15 to 25 s per source, therefore no part of `make test`.
# usage: scripts/lint.sh [commit]
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/install.sh lint
base=${1:-origin/main}
cmake --preset dev >/dev/null
git diff --name-only --diff-filter=d "$base" -- '*.cpp' |
  xargs -r -n 1 -P "$(scripts/jobs.sh)" clang-tidy-14 -p build/dev --quiet
