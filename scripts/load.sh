#!/bin/bash
# Loads a node for longer than a benchmark does, and checks what it promises.
# usage: scripts/load.sh overload|endurance|full
#   overload   three times what the node can do, from senders that wait for no
#              answer, for 60 s: memory, answers, losses, and what other
#              channels notice
#   endurance  ten minutes at 80 % of what it can do: SENDs that fail, RECVs
#              that had to be pushed again
#   full       what a SEND and a read of the history cost on a store of ten
#              million messages in a million channels, beside an empty one;
#              how long such a node takes to start, and what a backup costs
#        SECONDS_LONG=60 changes the length, RATE=n the capacity (default:
#        measured before), CHANNELS=n those of the full store (ten messages
#        each), BACKUP_SECONDS=n how long acks beside its backup are measured
set -euo pipefail
cd "$(dirname "$0")/.."

kind=${1:-}
case $kind in
  overload) long=${SECONDS_LONG:-60} ;;
  endurance) long=${SECONDS_LONG:-600} ;;
  full) long=${SECONDS_LONG:-5} ;;
  *)
    sed -n '2,15s/^# //p' "$0" >&2
    exit 2
    ;;
esac

scripts/install.sh test >&2 # reports are read with Node.js
scripts/build.sh release jindou-node jindou-bench >&2
bench=build/bin/jindou-bench
mkdir -p build/bench
work=$(mktemp -d build/bench/load.XXXXXX)
. scripts/bench-node.sh

other=
finish() {
  [ -z "$other" ] || kill "$other" 2>/dev/null || true
  stop_node
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

# jindou-bench pairs against the node; the report goes to file $1.
pairs() {
  local file=$1
  shift
  "$bench" pairs --addr "127.0.0.1:$tcp" --http "127.0.0.1:$http" \
    --manager-token-file "$data/manager.token" --json "$@" >"$file"
}

# The median of the figure that ends in $2, of a report.
figure() {
  node -e '
    const r = JSON.parse(require("fs").readFileSync(process.argv[1]));
    const f = r.figures.find((x) => x.name.endsWith(process.argv[2]));
    const v = [...f.runs].sort((a, b) => a - b);
    console.log(v[v.length >> 1].toFixed(Number(process.argv[3])));
  ' "$1" "$2" "${3:-0}"
}

resident_kb() {
  awk '/^VmRSS/ {print $2}' "/proc/$node/status"
}

metric() {
  curl -s "http://127.0.0.1:$monitor/metrics" | awk -v n="$1" '$1 == n {print $2}'
}

capacity() {
  [ -z "${RATE:-}" ] || { echo "$RATE" && return; }
  pairs "$work/capacity" --window 16 --runs 3 --duration 5s
  figure "$work/capacity" .delivered
}

overload() {
  local most rate sound=0
  most=$(capacity)
  rate=$((3 * most))
  pairs "$work/alone" --prefix victim --pairs 50 --rate 1000 --runs 3 \
    --duration 10s
  resident_kb >"$work/memory"
  pairs "$work/flood" --prefix flood --overload --rate "$rate" --runs 1 \
    --duration "${long}s" --verify-every 100 --drain-max 60s &
  other=$!
  sleep 5
  pairs "$work/beside" --prefix victim --pairs 50 --rate 1000 --runs 1 \
    --warmup 1s --duration "$((long - 10))s" --overload &
  local victims=$!
  while kill -0 "$victims" 2>/dev/null; do
    sleep 1
    resident_kb >>"$work/memory"
  done
  wait "$victims" || sound=1
  wait "$other" || sound=1
  other=
  printf '%-44s %12s\n' \
    'capacity, window 16, messages/s' "$most" \
    'sent by senders that wait for nothing' "$(figure "$work/flood" .sent)" \
    '  accepted' "$(figure "$work/flood" .accepted)" \
    '  refused, each with an answer' "$(figure "$work/flood" .refused)" \
    '  not sent: 4,096 of the sender unanswered' "$(figure "$work/flood" .unsent)" \
    'other channels, ack P99 alone, ms' "$(figure "$work/alone" .ack.p99 1)" \
    '  beside the overload' "$(figure "$work/beside" .ack.p99 1)" \
    'other channels, recv P99 alone, ms' "$(figure "$work/alone" .recv.p99 1)" \
    '  beside the overload' "$(figure "$work/beside" .recv.p99 1)" \
    '  refused, per second' "$(figure "$work/beside" .refused 1)" \
    'memory before, KB' "$(head -n 1 "$work/memory")" \
    '  after 10 s' "$(sed -n 10p "$work/memory")" \
    '  in the middle' "$(sed -n "$((long / 2))p" "$work/memory")" \
    '  at the end' "$(tail -n 1 "$work/memory")"
  [ "$sound" = 0 ] || echo 'a report has faults: unanswered, lost or damaged' >&2
  return "$sound"
}

endurance() {
  local most rate sound=0 pushed resent
  most=$(capacity)
  rate=$((most * 8 / 10))
  pushed=$(metric jindou_recvs_total)
  resent=$(metric jindou_recvs_resent_total)
  pairs "$work/steady" --rate "$rate" --runs "$((long / 10))" --duration 10s \
    --overload --verify-every 10 --drain-max 60s || sound=1
  pushed=$(($(metric jindou_recvs_total) - pushed))
  resent=$(($(metric jindou_recvs_resent_total) - resent))
  node -e '
    const [file, pushed, resent] = process.argv.slice(1);
    const r = JSON.parse(require("fs").readFileSync(file));
    const sum = (n) => r.figures.find((x) => x.name.endsWith(n)).runs
      .reduce((a, b) => a + b, 0);
    const bad = sum(".refused") + sum(".unsent");
    const part = (x) => (100 * x).toFixed(4) + " %";
    console.log("SENDs admitted with success", part(1 - bad / (sum(".accepted") + bad)));
    console.log("RECVs acknowledged at the first push",
      part(1 - resent / pushed), `(${resent} of ${pushed} pushed again)`);
  ' "$work/steady" "$pushed" "$resent"
  printf '%-44s %12s\n' \
    'rate, messages/s' "$rate" \
    'ack P50, median of 10 s, ms' "$(figure "$work/steady" .ack.p50 2)" \
    'ack P99, median of 10 s, ms' "$(figure "$work/steady" .ack.p99 1)"
  [ "$sound" = 0 ] || echo 'the report has faults' >&2
  return "$sound"
}

# Reads the newest 10 of a random channel of $2; the report goes to file $1.
history() {
  local file=$1 channels=$2
  shift 2
  "$bench" history --http "127.0.0.1:$http" --channels "$channels" \
    --manager-token-file "$data/manager.token" --messages 10 --limit 10 \
    --runs 5 --duration "${long}s" --json "$@" >"$file"
}

# Messages as the store is now; the reports end in $1.
measure_store() {
  pairs "$work/rate.$1" --prefix "full$1" --rate 1000 --runs 5 \
    --duration "${long}s"
  pairs "$work/window.$1" --prefix "full$1" --window 16 --runs 5 \
    --duration "${long}s"
}

# Ends the node with signal $1, KILL in the midst of a load, and starts it
# again; sets starts_ms to the times of five starts.
starts_after() {
  local i
  starts_ms=
  for i in 1 2 3 4 5; do
    pairs "$work/before" --prefix fullstart --window 16 --runs 1 \
      --warmup 0s --duration 1s 2>"$work/ended" &
    other=$!
    if [ "$1" = TERM ]; then wait "$other"; else sleep 1; fi
    restart_node "$1"
    wait "$other" 2>/dev/null || true
    other=
    starts_ms="$starts_ms $ready_ms"
  done
}

# Acks of 1,000 messages/s while the store is copied.
measure_backup() {
  local copy begin
  pairs "$work/backup" --prefix fullbackup --rate 1000 --runs 1 \
    --duration "$1s" &
  other=$!
  sleep 3
  begin=$(date +%s%N)
  build/bin/jindou-node --node.data-dir="$data" \
    --monitor.addr="127.0.0.1:$monitor" --backup-to "$work/copy" >&2
  copy=$((($(date +%s%N) - begin) / 1000000))
  kill -0 "$other" 2>/dev/null || echo 'the load ended before the backup' >&2
  wait "$other"
  other=
  printf '%-44s %12s\n' \
    'backup, MB' "$(du -sm "$work/copy" | cut -f1)" \
    '  ms' "$copy" \
    'ack P50 beside it, ms' "$(figure "$work/backup" .ack.p50 2)" \
    'ack P99 beside it, ms' "$(figure "$work/backup" .ack.p99 1)"
}

full() {
  local channels=${CHANNELS:-1000000} begin name file which digits
  history "$work/history.empty" 1000
  measure_store empty
  begin=$SECONDS
  history "$work/filled" "$channels"
  echo "filled in $((SECONDS - begin)) s" >&2
  restart_node TERM # else a million idle channels leave memory meanwhile
  history "$work/history.full" "$channels" --no-fill
  measure_store full
  printf '%-32s %12s %12s %8s\n' "$(metric jindou_messages_stored_total) messages" \
    'empty store' 'full store' ratio
  while read -r file which digits name; do
    printf '%-32s %12s %12s\n' "$name" \
      "$(figure "$work/$file.empty" "$which" "$digits")" \
      "$(figure "$work/$file.full" "$which" "$digits")" |
      awk '{printf "%s %8.2f\n", $0, $NF / $(NF - 1)}'
  done <<'END'
rate .ack.p50 3 1,000/s, ack P50, ms
rate .ack.p99 3 1,000/s, ack P99, ms
window .delivered 0 window 16, messages/s
history .p50 3 history, newest 10, P50, ms
history .p99 3 history, newest 10, P99, ms
END
  printf '%-32s %12s %12s\n' 'memory, KB' '' "$(resident_kb)" \
    'store, MB' '' "$(du -sm "$data" | cut -f1)"
  starts_after TERM
  printf '%-32s %s\n' 'ready, ms, after SIGTERM' "$starts_ms"
  starts_after KILL
  printf '%-32s %s\n' 'ready, ms, after SIGKILL' "$starts_ms"
  measure_backup "${BACKUP_SECONDS:-20}"
}

more=()
# Its window of duplicates grows for 8.4 million messages, and everything else
# would be hidden behind that: a small one is full before memory is looked at.
[ "$kind" != overload ] || more=(--storage.dedupe-records=16384)
start_node "${more[@]}"
"$kind"
