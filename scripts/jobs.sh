#!/bin/bash
# Prints how many compilers may run at once: one per core, but each needs about
# 1.2 GB. JINDOU_JOBS overrides it.
set -euo pipefail
cores=$(nproc)
memory_kib=$(awk '/^MemAvailable:/ {print $2}' /proc/meminfo)
fit=$((memory_kib / 1200000))
[ "$fit" -ge 1 ] || fit=1
echo "${JINDOU_JOBS:-$((cores < fit ? cores : fit))}"
