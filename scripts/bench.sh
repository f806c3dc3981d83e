#!/bin/bash
# Measures the figures of docs/performance.md: starts a node of its own on free
# ports for each, loads it, and lays the medians beside floors and targets.
# usage: scripts/bench.sh [--json] [FIGURE ...]
# figures: echo pairs ack pools idle fanout fanout-plain storage actor
#          history pools-user pools-pusher isolation idle-doors
#        without names: echo pairs ack pools idle
#        RUNS=5 DURATION=5s change the length; KEEP=1 keeps the reports
set -euo pipefail
cd "$(dirname "$0")/.."

runs=${RUNS:-5}
duration=${DURATION:-5s}
json=
figures=()
for word in "$@"; do
  case $word in
    --json) json=--json ;;
    echo | pairs | ack | pools | idle | fanout | fanout-plain | storage | \
    actor | history | pools-user | pools-pusher | isolation | \
    idle-doors) figures+=("$word") ;;
    *)
      sed -n '2,8s/^# //p' "$0" >&2
      exit 2
      ;;
  esac
done
[ ${#figures[@]} -gt 0 ] || figures=(echo pairs ack pools idle)

scripts/build.sh release jindou-node jindou-bench >&2
bench=build/bin/jindou-bench
mkdir -p build/bench
work=$(mktemp -d build/bench/run.XXXXXX) # on the disk of the project: fsync counts

. scripts/bench-node.sh

finish() {
  stop_node
  [ -n "${KEEP:-}" ] && echo "reports: $work" >&2 || rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

# Runs a benchmark; its report becomes a file. A report with faults still
# counts, the summary names them, and the script fails in the end.
sound=0
report() {
  local file
  file=$(mktemp "$work/report.XXXXXX")
  echo "--- $*" >&2
  "$bench" "$@" --json >"$file" || sound=1
  [ -s "$file" ] || exit 1
  reports+=("$file")
}

# The same against a fresh node.
measure() {
  start_node "${node_options[@]}"
  local name=$1
  shift
  report "$name" "$@" --addr "127.0.0.1:$tcp" --http "127.0.0.1:$http" \
    --manager-token-file "$data/manager.token"
  stop_node
  rm -rf "$data"
}

reports=()
node_options=()
length=(--runs "$runs" --duration "$duration")
for figure in "${figures[@]}"; do
  case $figure in
    echo)
      report echo --window 1 "${length[@]}"
      report echo --window 16 "${length[@]}"
      ;;
    pairs)
      measure pairs --window 1 "${length[@]}"
      measure pairs --window 16 "${length[@]}"
      ;;
    ack) measure pairs --rate 1000 "${length[@]}" ;;
    fanout)
      measure fanout --window 1 "${length[@]}"
      measure fanout --window 16 "${length[@]}"
      ;;
    fanout-plain)
      node_options=(--auth.disable-encryption=true)
      measure fanout --window 16 "${length[@]}"
      node_options=()
      ;;
    idle-doors) # with clients in Node.js; TLS has no floor
      for kind in tcp websocket tls wss; do
        file=$(mktemp "$work/report.XXXXXX")
        for _ in $(seq "$runs"); do
          node tests/e2e/idle_memory.mjs "$kind" >"$file"
          reports+=("$file")
          file=$(mktemp "$work/report.XXXXXX")
        done
      done
      ;;
    isolation) report isolation --data-dir "$work/isolation" "${length[@]}" ;;
    pools) report pools --data-dir "$work/pools" "${length[@]}" ;;
    storage) report storage --data-dir "$work/storage" "${length[@]}" ;;
    history)
      start_node
      report history --http "127.0.0.1:$http" "${length[@]}" \
        --manager-token-file "$data/manager.token"
      stop_node
      rm -rf "$data"
      ;;
    pools-user)
      for event in send recvack; do
        report pools-user --event "$event" --batch 1 "${length[@]}"
        report pools-user --event "$event" --batch 8 "${length[@]}"
      done
      ;;
    pools-pusher)
      report pools-pusher "${length[@]}"
      report pools-pusher --batch 8 "${length[@]}"
      report pools-pusher --encrypted "${length[@]}"
      ;;
    actor) report actor "${length[@]}" ;;
    idle)
      for _ in $(seq "$runs"); do
        # Without tokens: memory freed after making them would be used again
        # by the users and hide what these take.
        start_node --auth.token-auth-on=false
        report idle --users 8000 --pid "$node" --addr "127.0.0.1:$tcp"
      done
      stop_node
      ;;
  esac
done

"$bench" summary $json "${reports[@]}"
exit "$sound"
