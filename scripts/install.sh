#!/bin/bash
# Installs what is missing, with apt, on Debian 12.
# usage: scripts/install.sh build|test|peers|profile|fuzz|lint|package|root
set -euo pipefail

build_packages="g++ make cmake ninja-build ccache libcaf-dev libssl-dev
  libsqlite3-dev libspdlog-dev libfmt-dev nlohmann-json3-dev libboost1.81-dev
  prometheus-cpp-dev libsystemd-dev libgtest-dev libjemalloc-dev libcli11-dev curl"
test_packages="clang-format-14 chromium"
declare -A more_packages=(
  [build]=
  [test]= # test_packages, as far as nothing else serves
  [peers]="mosquitto nats-server" # bench-peers.sh
  [profile]=valgrind              # instructions.sh
  [fuzz]="clang-14 libclang-rt-14-dev" # libFuzzer and its sanitizers
  [lint]=clang-tidy-14
  [package]="dpkg-dev fakeroot file" # deb.sh
  [root]=debootstrap                 # deb-test.sh
)
node_major_min=18

is_installed() {
  dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q '^install ok installed'
}

# A Node.js that is already there stays, wherever it came from.
has_node() {
  command -v node >/dev/null && command -v npm >/dev/null || return 1
  local major
  major=$(node -p 'process.versions.node.split(".")[0]')
  [ "$major" -ge "$node_major_min" ]
}

# Two browser tabs talk in the tests; any Chromium serves.
has_chromium() {
  command -v chromium >/dev/null || command -v google-chrome >/dev/null
}

missing_packages() {
  local name
  for name in $build_packages ${more_packages[$1]}; do
    is_installed "$name" || echo "$name"
  done
  [ "$1" = test ] || return 0
  for name in $test_packages; do
    [ "$name" = chromium ] && has_chromium && continue
    is_installed "$name" || echo "$name"
  done
  has_node || { echo nodejs; command -v npm >/dev/null || echo npm; }
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "install.sh: run as root: $*" >&2
    return 1
  fi
}

main() {
  if [ $# -ne 1 ] || [ -z "${more_packages[$1]+set}" ]; then
    sed -n 's/^# usage/usage/p' "$0" >&2
    exit 2
  fi
  local missing
  missing=$(missing_packages "$1" | tr '\n' ' ')
  [ -n "$missing" ] || return 0
  echo "installing: $missing"
  export DEBIAN_FRONTEND=noninteractive
  as_root apt-get update -qq
  # shellcheck disable=SC2086 # a list of words
  as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

main "$@"
