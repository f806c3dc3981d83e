#!/bin/bash
# Counts the instructions that a node needs for one message, step by step, and
# lays them beside those of docs/instructions.tsv. A count does not depend on
# what else the machine does.
# usage: scripts/instructions.sh [--save]
#        --save writes what was counted to docs/instructions.tsv
#        SECONDS_LONG=20 messages are sent for so long, 100 per second
set -euo pipefail
cd "$(dirname "$0")/.."

long=${SECONDS_LONG:-20}
kept=docs/instructions.tsv
case ${1:-} in
  '' | --save) ;;
  *)
    sed -n '2,8s/^# //p' "$0" >&2
    exit 2
    ;;
esac

scripts/install.sh profile >&2
scripts/build.sh release jindou-node jindou-bench >&2
mkdir -p build/bench
work=$(mktemp -d build/bench/instructions.XXXXXX)
. scripts/bench-node.sh
trap 'stop_node; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# One message at a time, so that every step is counted with all its calls.
run_slowly=(valgrind --tool=callgrind --callgrind-out-file="$work/profile")
start_node --gateway.first-frame-time=60s --gateway.connect-timeout=60s
build/bin/jindou-bench pairs --pairs 10 --rate 100 --runs 1 --warmup 0s \
  --duration "${long}s" --drain-max 60s --addr "127.0.0.1:$tcp" \
  --http "127.0.0.1:$http" --manager-token-file "$data/manager.token" \
  >"$work/report" 2>"$work/progress" || { cat "$work/report" >&2 && exit 1; }
messages=$(curl -s "http://127.0.0.1:$monitor/metrics" |
  awk '$1 == "jindou_messages_stored_total" {print $2}')
stop_node
callgrind_annotate --inclusive=yes --threshold=100 "$work/profile" \
  >"$work/functions"

# Name of a step, and the function that is all of it.
steps='decode all frames|jindou::wire::decode(
decrypt and check a SEND|jindou::actors::user_state::decrypt(
user chain, with that|jindou::actors::user_state::run_sending(
channel chain|jindou::actors::channel_state::advance(
apply|jindou::storage::apply(
write, commit and sync|jindou::storage::log_store::flush(
encrypt and encode a RECV|jindou::actors::recv_writer::write(
push, with that|jindou::actors::pusher_state::on_push('

while IFS='|' read -r step function; do
  # A function appears once per file that was inlined into it; the largest
  # count is the whole.
  awk -v step="$step" -v f="$function" -v n="$messages" '
    index($0, ":" f) {
      x = $1
      gsub(",", "", x)
      if (x + 0 > most)
        most = x + 0
    }
    END { printf "%s\t%d\n", step, most / n + 0.5 }' "$work/functions"
done <<<"$steps" >"$work/counts"
if grep -P '\t0$' "$work/counts" >&2; then
  echo "instructions.sh: these steps were not found" >&2
  exit 1
fi

cat "$kept" >"$work/before" 2>/dev/null || true
awk -F'\t' '
  FILENAME == ARGV[1] { before[$1] = $2; next }
  {
    change = $1 in before ? sprintf("%+.1f %%", 100 * ($2 / before[$1] - 1)) : "new"
    printf "%-28s %10d %10s %10s\n", $1, $2, before[$1], change
  }' "$work/before" "$work/counts" |
  cat <(printf '%-28s %10s %10s %10s\n' "per message ($messages sent)" now before \
    change) -
[ "${1:-}" != --save ] || cp "$work/counts" "$kept"
