// Memory of a node per idle user, by transport: a report that
// `jindou-bench summary` reads. Part of `make bench`, no test.
// usage: node idle_memory.mjs tcp|websocket|tls|wss [users]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';

import { Client } from './support/client5.mjs';
import { NodeProcess } from './support/node_process.mjs';

const before = 500; // their share of what is allocated once is not counted
const atOnce = 64;
const [kind, users = '8000'] = process.argv.slice(2);
const secure = kind === 'tls' || kind === 'wss';
const overWebsocket = kind === 'websocket' || kind === 'wss';
const doors = { tcp: /clients\s+tcp (\S+)/, websocket: /\sws (\S+)/,
  tls: /over TLS\s+tls (\S+)/, wss: /\swss (\S+)/ };
if (!doors[kind]) {
  console.error('usage: node idle_memory.mjs tcp|websocket|tls|wss [users]');
  process.exit(2);
}

const upgrade = 'GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n'
  + 'Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n'
  + 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

/** One binary message of a client, under a mask of zeros. */
function masked(bytes) {
  const head = bytes.length < 126 ? Buffer.from([0x82, 0x80 | bytes.length])
    : Buffer.from([0x82, 0xfe, bytes.length >> 8, bytes.length & 255]);
  return Buffer.concat([head, Buffer.alloc(4), bytes]);
}

/** Logs in and stays; resolves when the CONNACK has come. */
function stay(address, frame) {
  const [host, port] = address.split(':');
  return new Promise((done, fail) => {
    let upgraded = !overWebsocket;
    const hello = () => socket.write(overWebsocket ? upgrade : frame);
    const socket = secure
      ? connectTls({ host, port: Number(port), rejectUnauthorized: false }, hello)
      : connect(Number(port), host, hello);
    socket.on('error', fail);
    socket.on('close', () => fail(new Error('closed')));
    socket.on('data', () => {
      if (upgraded)
        return done(socket);
      upgraded = true;
      socket.write(masked(frame));
    });
  });
}

function certificate(folder) {
  const cert = join(folder, 'cert.pem');
  const key = join(folder, 'key.pem');
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt',
    'ec_paramgen_curve:P-256', '-nodes', '-days', '1', '-subj', '/CN=localhost',
    '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return ['--gateway.tls-addr=127.0.0.1:0', '--gateway.wss-addr=127.0.0.1:0',
    `--gateway.tls-cert-file=${cert}`, `--gateway.tls-key-file=${key}`];
}

const folder = mkdtempSync(join(tmpdir(), 'jindou-idle-'));
const node = await NodeProcess.start('--auth.token-auth-on=false',
  '--gateway.connections-per-ip-max=100000',
  ...(secure ? certificate(folder) : []));

function resident() {
  const text = readFileSync(`/proc/${node.child.pid}/status`, 'utf8');
  return 1024 * Number(/VmRSS:\s+(\d+)/.exec(text)[1]);
}

const sockets = [];
let next = 0;

/** Logs in until there are `n` users, then lets the node come to rest. */
async function logInUntil(n) {
  const address = node.address(doors[kind]);
  const lane = async () => {
    while (next < n) {
      const client = new Client(`idle${next++}`, '');
      sockets.push(await stay(address, client.connectFrame()));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  await new Promise((done) => { setTimeout(done, 3_000); });
  return resident();
}

try {
  const first = await logInUntil(before);
  const last = await logInUntil(before + Number(users));
  const perUser = (last - first) / Number(users);
  console.log(JSON.stringify({
    benchmark: `idle.${kind}`, options: { users },
    figures: [{ name: `idle.${kind}.bytes_per_user`, unit: 'B',
      runs: [perUser] }],
    faults: {}, sound: true,
  }));
} finally {
  for (const s of sockets)
    s.removeAllListeners('close').destroy();
  await node.discard();
  rmSync(folder, { recursive: true, force: true });
}
