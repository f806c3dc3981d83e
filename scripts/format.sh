#!/bin/bash
# Formats all C++ sources, or checks them.
# usage: scripts/format.sh [--check]
set -euo pipefail
cd "$(dirname "$0")/.."

# Another major version formats differently.
tool=clang-format-14
command -v "$tool" >/dev/null || {
  echo "format.sh: clang-format-14 is missing: scripts/install.sh test" >&2
  exit 1
}
options=(-i)
[ "${1:-}" != --check ] || options=(--dry-run -Werror)
find . \( -path ./build -o -path ./data -o -name node_modules -o -name .git \) \
  -prune -o \( -name '*.hpp' -o -name '*.cpp' \) -print0 |
  xargs -0 "$tool" "${options[@]}"
