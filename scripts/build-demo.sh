#!/bin/bash
# Bundles the demo chat page with its SDK into build/share/demo.
# usage: scripts/build-demo.sh [folder]
set -euo pipefail
cd "$(dirname "$0")/.."

from=apps/node/demo
to=${1:-build/share/demo}
command -v npm >/dev/null || {
  echo "build-demo.sh: npm is missing: scripts/install.sh test" >&2
  exit 1
}
[ -d "$from/node_modules/wukongimjssdk" ] ||
  (cd "$from" && npm ci --no-audit --no-fund --ignore-scripts)
mkdir -p "$to"
cp "$from/index.html" "$from/style.css" "$to/"
"$from/node_modules/.bin/esbuild" "$from/app.js" --bundle --minify \
  --format=iife --target=es2020 --log-level=warning --outfile="$to/app.js"
