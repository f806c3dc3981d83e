#!/bin/bash
# Feeds every decoder with hostile bytes: libFuzzer, ASan and UBSan, with clang.
# usage: scripts/fuzz.sh [seconds] [target ...]   (default: 60 s, all targets)
set -euo pipefail
cd "$(dirname "$0")/.."

folder=build/fuzz
limits="-max_len=8192 -rss_limit_mb=1024 -malloc_limit_mb=256 -timeout=5"

all_targets() {
  local x
  for x in "$folder"/bin/fuzz_*; do
    basename "$x" | sed 's/^fuzz_//'
  done
}

# A line of libFuzzer's final statistics.
stat_of() {
  sed -n "s/^stat::$2: *//p" "$1"
}

# Runs one target and prints its line; what it found lies in found/<target>.
run_one() {
  local name=$1 seconds=$2 code=0 begin=$SECONDS
  local corpus=$folder/corpus/$name found=$folder/found/$name
  local log=$folder/logs/$name.log
  mkdir -p "$corpus" "$found" "$folder/logs"
  "$folder/bin/fuzz_$name" --seeds "$folder/seeds/$name"
  # shellcheck disable=SC2086 # a list of words
  "$folder/bin/fuzz_$name" $limits -max_total_time="$seconds" \
    -print_final_stats=1 -artifact_prefix="$found/" \
    "$corpus" "$folder/seeds/$name" >"$log" 2>&1 || code=1
  local coverage
  coverage=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -1)
  printf '%-18s %5d s %12s runs %6s edges %6s new  %s\n' "$name" \
    "$((SECONDS - begin))" "$(stat_of "$log" number_of_executed_units)" \
    "${coverage:-?}" "$(stat_of "$log" new_units_added)" \
    "$([ $code = 0 ] && echo ok || echo "FOUND (log: $log)")"
  return "$code"
}

main() {
  local seconds=${1:-60} failed=0 name
  [ $# -eq 0 ] || shift
  scripts/install.sh fuzz
  cmake --preset fuzz >/dev/null
  cmake --build --preset fuzz -j "$(scripts/jobs.sh)"
  for name in ${*:-$(all_targets)}; do
    run_one "$name" "$seconds" || failed=1
  done
  [ "$failed" = 0 ] || echo "make fuzz: FAILED, inputs in $folder/found"
  exit "$failed"
}

main "$@"
