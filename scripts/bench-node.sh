# shellcheck shell=bash
# Sourced by scripts that load a node of their own; $work is their folder.
# shellcheck disable=SC2034 # used by who sources this
node= tcp= http= monitor= data=
run_slowly=() # what the node runs under

stop_node() {
  [ -n "$node" ] || return 0
  kill -TERM "$node" 2>/dev/null || true
  wait "$node" 2>/dev/null || true
  node=
}

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
    "${run_slowly[@]}" build/bin/jindou-node --config-file=configs/single.conf \
      --node.data-dir="$data" --log.level=warn \
      --gateway.tcp-addr="127.0.0.1:$tcp" \
      --gateway.ws-addr="127.0.0.1:$((base + 3))" \
      --gateway.connections-per-ip-max=100000 \
      --http.addr="127.0.0.1:$http" --monitor.addr="127.0.0.1:$monitor" "$@" \
      >"$data/log" 2>&1 &
    node=$!
    for _ in $(seq 300); do
      ! is_ready "$monitor" || return 0
      kill -0 "$node" 2>/dev/null || break
      sleep 0.1
    done
    tail -n 5 "$data/log" >&2 # a port was taken: once more with others
    stop_node
  done
  echo "the node does not start" >&2
  exit 1
}
