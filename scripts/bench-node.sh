# shellcheck shell=bash
# Sourced by scripts that load a node of their own; $work is their folder.
# shellcheck disable=SC2034 # used by who sources this
node= tcp= http= monitor= data=
run_slowly=() # what the node runs under
node_arguments=()

stop_node() {
  [ -n "$node" ] || return 0
  kill "-${1:-TERM}" "$node" 2>/dev/null || true
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

# Starts a node with $node_arguments and waits until it is ready.
launch_node() {
  "${run_slowly[@]}" build/bin/jindou-node "${node_arguments[@]}" \
    >>"$data/log" 2>&1 &
  node=$!
  local begin=$SECONDS
  until is_ready "$monitor"; do
    kill -0 "$node" 2>/dev/null && [ $((SECONDS - begin)) -lt 60 ] || return 1
    sleep 0.005
  done
}

# Starts a node on an empty store, with more options if given; sets node, tcp, http, monitor and data.
start_node() {
  local base try
  stop_node
  for try in 1 2 3 4 5; do
    base=$((20000 + RANDOM % 10000))
    data=$(mktemp -d "$work/data.XXXXXX")
    tcp=$base http=$((base + 1)) monitor=$((base + 2))
    node_arguments=(--config-file=configs/single.conf
      --node.data-dir="$data" --log.level=warn
      --gateway.tcp-addr="127.0.0.1:$tcp"
      --gateway.ws-addr="127.0.0.1:$((base + 3))"
      --gateway.connections-per-ip-max=100000
      --http.addr="127.0.0.1:$http" --monitor.addr="127.0.0.1:$monitor" "$@")
    ! launch_node || return 0
    tail -n 5 "$data/log" >&2 # a port was taken: once more with others
    stop_node
  done
  echo "the node does not start" >&2
  exit 1
}

# Ends the node with signal $1 and starts it on the same store; sets ready_ms.
restart_node() {
  local begin
  stop_node "$1"
  begin=$(date +%s%N)
  launch_node || { tail -n 5 "$data/log" >&2 && exit 1; }
  ready_ms=$((($(date +%s%N) - begin) / 1000000))
}
