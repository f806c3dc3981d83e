#!/bin/bash
# Everything that must pass before a change lands, fastest first.
# usage: scripts/test.sh [stage ...]   (default: all, in this order)
set -euo pipefail
cd "$(dirname "$0")/.."

all_stages="install format tidy build unit asan e2e clients"
# Decoders and whatever shares memory between threads; `make sanitize` runs the
# others too, and real processes.
asan_tests=${ASAN_TESTS:-messages actors}
logs=build/logs

stage_install() {
  scripts/install.sh test
}

stage_format() {
  scripts/format.sh --check
}

stage_tidy() {
  scripts/build.sh release test_tidy
  build/tests/test_tidy --gtest_brief=1
}

stage_build() {
  scripts/build.sh release
}

stage_unit() {
  ctest --test-dir build -L unit -j "$(nproc)" --output-on-failure
}

# The same unit tests with AddressSanitizer and UndefinedBehaviorSanitizer.
stage_asan() {
  # shellcheck disable=SC2086,SC2001 # a list of words
  scripts/build.sh asan $(echo " $asan_tests" | sed 's/ / test_/g')
  ctest --test-dir build/asan -R "^(${asan_tests// /|})$" \
    --output-on-failure -j "$(nproc)"
}

# Against the programs of a build folder.
run_clients() {
  scripts/build-demo.sh "$1/share/demo"
  (cd tests/e2e && npm ci --no-audit --no-fund && timeout 900 npm test)
}

# All suites with the sanitizers, beyond the gate.
stage_sanitize() {
  scripts/install.sh test
  scripts/build.sh asan
  ctest --test-dir build/asan -E '^(tidy|mutants)$' --output-on-failure
  # The quarantine would take the memory that one test watches.
  export ASAN_OPTIONS=quarantine_size_mb=16 JINDOU_BIN_DIR=../../build/asan/bin
  run_clients build/asan
}

# Real processes: what a node promises, and what it keeps after a SIGKILL.
stage_e2e() {
  ctest --test-dir build -L e2e --output-on-failure
}

# Clients that share no code with the server, in Node.js and a browser.
stage_clients() {
  run_clients build
}

run_stage() {
  local name=$1 begin=$SECONDS
  echo "== $name"
  # A process of its own: `set -e` has no effect below an `if`.
  local code=0
  scripts/test.sh --stage "$name" 2>&1 | tee "$logs/$name.log" || code=1
  local line="$name: ok"
  [ "$code" = 0 ] || line="$name: FAILED"
  printf '%-20s %5d s\n' "$line" "$((SECONDS - begin))" | tee -a "$logs/stages"
  return "$code"
}

summary() {
  local name
  echo
  cat "$logs/stages"
  for name in unit asan sanitize e2e; do
    grep -hE 'tests passed|tests failed|No tests' "$logs/$name.log" 2>/dev/null |
      sed "s/^/$name: /" || true
  done
}

main() {
  mkdir -p "$logs"
  rm -f "$logs"/*
  local name
  for name in ${*:-$all_stages}; do
    if ! run_stage "$name"; then
      summary
      echo "make test: FAILED in stage $name (log: $logs/$name.log)"
      exit 1
    fi
  done
  summary
}

if [ "${1:-}" = --stage ]; then
  "stage_$2"
else
  main "$@"
fi
