#!/bin/bash
# Feeds every decoder with hostile bytes: libFuzzer, ASan and UBSan, with clang.
# usage: scripts/fuzz.sh [seconds] [target ...]   (default: 60 s, all targets)
#        scripts/fuzz.sh hour [target ...]
#        scripts/fuzz.sh spent
# "hour" goes on, run after run, until each target has had an hour of processor
# time; "spent" prints what each has had. Corpora and times stay in build/fuzz.
# SIGINT ends a run without a finding; what it has had counts.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=build/fuzz
# One line per run: target, commit, processor seconds, inputs.
spent_file=$folder/spent.tsv
limits="-max_len=8192 -rss_limit_mb=1024 -malloc_limit_mb=256 -timeout=5"
# A piece of the hour: what a crash or the end of the machine may cost.
piece=300
# Exit codes behind SIGINT: libFuzzer's own, and before it listens.
interrupted="72 130"

all_targets() {
  local x
  for x in "$folder"/bin/fuzz_*; do
    basename "$x" | sed 's/^fuzz_//'
  done
}

# A line of libFuzzer's final statistics.
stat_of() {
  sed -n "s/^stat::$2: *//p" "$1" | tail -1
}

# Processor seconds that a target has had, over all runs.
spent_on() {
  [ -f "$spent_file" ] || { echo 0; return; }
  awk -v name="$1" '$1 == name { sum += $3 } END { printf "%d\n", sum }' \
    "$spent_file"
}

print_spent() {
  [ -f "$spent_file" ] || { echo "fuzz.sh: nothing has been run" >&2; return 1; }
  awk '{ time[$1] += $3; inputs[$1] += $4 }
       END { for (x in time)
               printf "%-18s %6d s %13d inputs\n", x, time[x], inputs[x] }' \
    "$spent_file" | sort
}

# Runs one target and prints its line; what it found lies in found/<target>.
run_one() {
  local name=$1 seconds=$2 code=0 begin=$SECONDS
  local corpus=$folder/corpus/$name found=$folder/found/$name
  local log=$folder/logs/$name.log cost=$folder/logs/$name.time
  mkdir -p "$corpus" "$found" "$folder/logs"
  "$folder/bin/fuzz_$name" --seeds "$folder/seeds/$name"
  local TIMEFORMAT='%U %S'
  # shellcheck disable=SC2086 # a list of words
  { time "$folder/bin/fuzz_$name" $limits -max_total_time="$seconds" \
    -print_final_stats=1 -artifact_prefix="$found/" \
    "$corpus" "$folder/seeds/$name" >"$log" 2>&1; } 2>"$cost" || code=$?
  [[ " $interrupted " != *" $code "* ]] || code=0
  local coverage processor inputs
  coverage=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -1)
  processor=$(awk '{ printf "%.0f", $1 + $2 }' "$cost")
  inputs=$(stat_of "$log" number_of_executed_units)
  printf '%s\t%s\t%s\t%s\n' "$name" "$revision" "$processor" "${inputs:-0}" \
    >>"$spent_file"
  printf '%-18s %5d s (%5d of a processor) %12s inputs %6s edges %6s new  %s\n' \
    "$name" "$((SECONDS - begin))" "$processor" "$inputs" \
    "${coverage:-?}" "$(stat_of "$log" new_units_added)" \
    "$([ $code = 0 ] && echo ok || echo "FOUND (log: $log)")"
  return "$code"
}

# Goes on with one target until it has had its hour, or found something.
run_hour() {
  while [ "$(spent_on "$1")" -lt 3600 ]; do
    run_one "$1" "$piece" || return 1
  done
}

main() {
  local seconds=60 failed=0 name
  if [ "${1:-}" = spent ]; then
    print_spent
    exit
  fi
  if [ $# -gt 0 ]; then
    seconds=$1
    shift
  fi
  scripts/install.sh fuzz
  cmake --preset fuzz >/dev/null
  cmake --build --preset fuzz -j "$(scripts/jobs.sh)"
  revision=$(git rev-parse --short HEAD)
  for name in ${*:-$(all_targets)}; do
    if [ "$seconds" = hour ]; then
      run_hour "$name" || failed=1
    else
      run_one "$name" "$seconds" || failed=1
    fi
  done
  [ "$failed" = 0 ] || echo "make fuzz: FAILED, inputs in $folder/found"
  exit "$failed"
}

main "$@"
