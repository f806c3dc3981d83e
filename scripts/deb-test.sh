#!/bin/bash
# Installs, starts, upgrades, removes and purges the package in a clean Debian
# root made by debootstrap. As root; needs the network.
# usage: scripts/deb-test.sh
set -euo pipefail
cd "$(dirname "$0")/.."

say() { echo "== $*"; }
fail() { echo "deb-test.sh: $*" >&2; exit 1; }

[ "$(id -u)" = 0 ] || fail "run as root"
scripts/install.sh root

root=$(mktemp -d /var/tmp/jindou-root.XXXXXX)
chmod 0755 "$root"
node=
finish() {
  [ -z "$node" ] || kill "$node" 2>/dev/null || true
  umount "$root/proc" 2>/dev/null || true
  rm -rf --one-file-system "$root"
}
trap finish EXIT

inside() { chroot "$root" env DEBIAN_FRONTEND=noninteractive "$@"; }

# Starts the installed node as its user and waits until it takes traffic.
start_node() {
  chroot --userspec=jindou:jindou "$root" /usr/bin/jindou-node \
    --config-file=/etc/jindou/node.conf >"$root/var/tmp/node.log" 2>&1 &
  node=$!
  for _ in $(seq 100); do
    if curl -fsS "127.0.0.1:$monitor/readyz" >/dev/null 2>&1; then return 0; fi
    sleep 0.1
  done
  cat "$root/var/tmp/node.log" >&2
  fail "the installed node does not start"
}

stop_node() {
  kill -TERM "$node"
  wait "$node" || fail "the node ended with $?"
  node=
}

say "two versions of the package"
first=$(scripts/deb.sh 0.1.0)
second=$(scripts/deb.sh 0.1.1)
[ "$first" != "$second" ] || fail "one file for two versions"

say "a clean Debian 12"
debootstrap --variant=minbase bookworm "$root" >/dev/null
mount -t proc proc "$root/proc"
cp "$first" "$second" "$root/var/tmp/"

say "install"
inside apt-get -o Dpkg::Use-Pty=0 install -y -qq --no-install-recommends \
  "/var/tmp/$(basename "$first")" >/dev/null
inside jindou-node --version
inside getent passwd jindou >/dev/null || fail "no user jindou"
[ "$(stat -c %a "$root/var/lib/jindou")" = 750 ] || fail "data is open to all"
inside jindou-node --check-config --config-file=/etc/jindou/node.conf

say "start as jindou, send a message"
base=$((20000 + RANDOM % 10000))
monitor=$((base + 3))
sed -i "s/:5100/:$base/; s/:5200/:$((base + 1))/; s/:5001/:$((base + 2))/
        s/:5300/:$monitor/" "$root/etc/jindou/node.conf"
start_node
token=$(cat "$root/var/lib/jindou/manager.token")
send() {
  curl -fsS "127.0.0.1:$((base + 2))/message/send" -H "token: $token" -d \
    "{\"from_uid\":\"a\",\"channel_id\":\"b\",\"channel_type\":1,\"payload\":\"aGk=\"}"
}
send >/dev/null
stop_node

say "upgrade keeps configuration and messages"
inside apt-get -o Dpkg::Use-Pty=0 install -y -qq "/var/tmp/$(basename "$second")" >/dev/null
grep -q ":$base" "$root/etc/jindou/node.conf" || fail "configuration is gone"
start_node
history=$(curl -fsS "127.0.0.1:$((base + 2))/channel/messagesync" \
  -H "token: $token" -d \
  '{"login_uid":"a","channel_id":"b","channel_type":1,"limit":10}')
case $history in
  *aGk=*) ;;
  *) fail "the message is gone: $history" ;;
esac
stop_node

say "a package that comes back is enabled as before"
enabled() { [ -L "$root/etc/systemd/system/multi-user.target.wants/jindou-node.service" ]; }
enabled || fail "the unit is not enabled"
inside apt-get -o Dpkg::Use-Pty=0 remove -y -qq jindou >/dev/null
inside apt-get -o Dpkg::Use-Pty=0 install -y -qq "/var/tmp/$(basename "$second")" >/dev/null
enabled || fail "the unit is no longer enabled"

say "remove keeps messages, purge leaves nothing"
inside apt-get -o Dpkg::Use-Pty=0 remove -y -qq jindou >/dev/null
[ ! -e "$root/usr/bin/jindou-node" ] || fail "a program is left"
[ -e "$root/var/lib/jindou/store.db" ] || fail "the messages are gone"
touch "$root/var/backups/jindou/kept"
mkdir -p "$root/var/log/jindou" # as systemd does
inside apt-get -o Dpkg::Use-Pty=0 purge -y -qq jindou >/dev/null
[ -e "$root/var/backups/jindou/kept" ] || fail "a backup is gone"
enabled && fail "the unit is still enabled"
rm -f "$root"/var/tmp/jindou_*.deb
left=$(find "$root/etc" "$root/usr" "$root/var/lib" "$root/var/log" "$root/lib" \
  -path "$root/var/lib/dpkg" -prune -o -path "$root/var/lib/apt" -prune -o \
  -name '*jindou*' -print)
[ -z "$left" ] || fail "left behind: $left"
inside getent passwd jindou >/dev/null && fail "the user is left"
say "all good"
