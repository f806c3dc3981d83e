#!/bin/bash
# Builds the node and starts it with configs/single.conf; the data is in data/.
# The node itself prints its ports and the first commands to try.
# usage: scripts/run.sh [--section.key=value ...]
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/build.sh release jindou-node jindou-client
exec build/bin/jindou-node --config-file=configs/single.conf "$@"
