#!/bin/bash
# Measures the figures of docs/performance.md: starts a node of its own on free
# ports for each, loads it, and lays the medians beside floors and targets.
# usage: scripts/bench.sh [--json] [FIGURE ...]
# figures: echo pairs ack pools idle fanout storage actor
#          history pools-user pools-pusher
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
    echo | pairs | ack | pools | idle | fanout | storage | actor | history | \
    pools-user | pools-pusher) figures+=("$word") ;;
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
node=

stop_node() {
  [ -n "$node" ] || return 0
  kill -TERM "$node" 2>/dev/null || true
  wait "$node" 2>/dev/null || true
  node=
}

finish() {
  stop_node
  [ -n "${KEEP:-}" ] && echo "reports: $work" >&2 || rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

# Says whether the node on monitor port $1 takes traffic.
is_ready() {
  local line
  { exec 3<>"/dev/tcp/127.0.0.1/$1"; } 2>/dev/null || return 1
  printf 'GET /readyz HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3
  read -r -t 2 line <&3 || line=
  exec 3>&-
  [[ $line == *' 200 '* ]]
}

# Starts a node on an empty store, with more options if given; sets node, tcp, http, monitor and data.
start_node() {
  local base try
  stop_node
  for try in 1 2 3 4 5; do
    base=$((20000 + RANDOM % 10000))
    data=$(mktemp -d "$work/data.XXXXXX")
    tcp=$base http=$((base + 1)) monitor=$((base + 2))
    build/bin/jindou-node --config-file=configs/single.conf \
      --node.data-dir="$data" --log.level=warn \
      --gateway.tcp-addr="127.0.0.1:$tcp" \
      --gateway.ws-addr="127.0.0.1:$((base + 3))" \
      --gateway.connections-per-ip-max=100000 \
      --http.addr="127.0.0.1:$http" --monitor.addr="127.0.0.1:$monitor" "$@" \
      >"$data/log" 2>&1 &
    node=$!
    for _ in $(seq 100); do
      ! is_ready "$monitor" || return 0
      kill -0 "$node" 2>/dev/null || break
      sleep 0.1
    done
    tail -n 5 "$data/log" >&2 # a port was taken: once more with others
    stop_node
  done
  echo "bench.sh: the node does not start" >&2
  exit 1
}

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
  start_node
  local name=$1
  shift
  report "$name" "$@" --addr "127.0.0.1:$tcp" --http "127.0.0.1:$http" \
    --manager-token-file "$data/manager.token"
  stop_node
  rm -rf "$data"
}

reports=()
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
    fanout) measure fanout "${length[@]}" ;;
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
