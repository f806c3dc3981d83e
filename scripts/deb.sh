#!/bin/bash
# Makes the Debian package build/package/jindou_VERSION_ARCH.deb.
# usage: scripts/deb.sh [version]     (default: that of CMakeLists.txt)
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/install.sh package >&2
scripts/build.sh release jindou-node jindou-client jindou-bench >&2
if ! (cd build && fakeroot cpack -G DEB ${1:+-D CPACK_PACKAGE_VERSION="$1"}) \
  >build/package.log 2>&1; then
  cat build/package.log >&2
  exit 1
fi
ls -t build/package/jindou_*.deb | head -n 1
