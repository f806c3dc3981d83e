#!/bin/bash
# The same load on jindou and on servers of other protocols from Debian, by the
# same generator, in one run: 1:1 and fan-out to 1,000, windows 1 and 16, each
# with the server's processor time per message that arrives.
# usage: scripts/bench-peers.sh [--json]
#        RUNS=5 DURATION=5s change the length; PEERS="mosquitto nats" the peers
# Installs mosquitto and nats-server when they are missing.
set -euo pipefail
cd "$(dirname "$0")/.."

runs=${RUNS:-5}
duration=${DURATION:-5s}
peers=${PEERS:-mosquitto nats}
json=
case ${1:-} in
  '') ;;
  --json) json=--json ;;
  *)
    sed -n '2,8s/^# //p' "$0" >&2
    exit 2
    ;;
esac

scripts/install.sh peers >&2
scripts/build.sh release jindou-node jindou-bench >&2
bench=build/bin/jindou-bench
mkdir -p build/bench
work=$(mktemp -d build/bench/peers.XXXXXX)
. scripts/bench-node.sh
server=

stop_server() {
  [ -n "$server" ] || return 0
  kill -TERM "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  server=
}
trap 'stop_server; stop_node; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# Waits until something listens on port $1.
await() {
  for _ in $(seq 100); do
    if { exec 3<>"/dev/tcp/127.0.0.1/$1"; } 2>/dev/null; then
      exec 3>&-
      return 0
    fi
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  tail -n 5 "$work/log" >&2
  echo "bench-peers.sh: no server on port $1" >&2
  exit 1
}

start_mosquitto() {
  port=$((20000 + RANDOM % 10000))
  # Defaults, but for bounds that would throw messages away.
  printf '%s\n' "listener $port 127.0.0.1" 'allow_anonymous true' \
    'persistence false' 'set_tcp_nodelay true' 'max_inflight_messages 0' \
    'max_queued_messages 0' 'log_dest stderr' 'log_type error' \
    >"$work/mosquitto.conf"
  mosquitto -c "$work/mosquitto.conf" >"$work/log" 2>&1 &
  server=$!
  await "$port"
}

start_nats() {
  port=$((20000 + RANDOM % 10000))
  nats-server -a 127.0.0.1 -p "$port" >"$work/log" 2>&1 &
  server=$!
  await "$port"
}

start_jindou() {
  start_node "$@"
  server=$node
  port=$tcp
}

reports=()
sound=0
# Measures the running server as $1 over protocol $2.
load() {
  local label=$1 protocol=$2 shape window file
  shift 2
  for shape in --pairs=100 --receivers=1000; do
    for window in 1 16; do
      file=$(mktemp "$work/report.XXXXXX")
      echo "--- $label $shape --window=$window" >&2
      "$bench" broker --protocol "$protocol" --label "$label" \
        --addr "127.0.0.1:$port" "$shape" --window "$window" \
        --runs "$runs" --duration "$duration" --pid "$server" --json "$@" \
        >"$file" || sound=1
      [ -s "$file" ] || exit 1
      reports+=("$file")
    done
  done
}

load_jindou() {
  local label=$1
  shift
  load "$label" jindou --http "127.0.0.1:$http" \
    --manager-token-file "$data/manager.token" "$@"
  server=
  stop_node
  rm -rf "$data"
}

start_jindou
load_jindou jindou
start_jindou --auth.disable-encryption=true
load_jindou jindou_plain --no-persist
for peer in $peers; do
  case $peer in
    mosquitto) start_mosquitto && load mosquitto mqtt ;;
    nats) start_nats && load nats nats ;;
    *)
      echo "bench-peers.sh: unknown peer $peer" >&2
      exit 2
      ;;
  esac
  stop_server
done

"$bench" summary $json "${reports[@]}"
[ -n "$json" ] || cat <<'END'

What each does for a message:
  jindou        stores it with fsync before the acknowledgement, encrypts it in
                and out, pushes it again until the receiver acknowledges it
  jindou_plain  the same without store and encryption
  mosquitto     MQTT QoS 1: memory only, no encryption, the receiver
                acknowledges; one thread
  nats          memory only, no encryption, at most once: nobody acknowledges;
                a PONG tells the sender that the server has read the message
END
exit "$sound"
