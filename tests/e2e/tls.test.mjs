// TLS with Node's own: frames over TCP, JSON-RPC over both, certificates that
// change under open connections, and what a load balancer puts in front.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';

import { Client } from './support/client5.mjs';
import { JsonClient } from './support/json_client.mjs';
import { NodeProcess, binFolder, eventually } from './support/node_process.mjs';

const folder = mkdtempSync(join(tmpdir(), 'jindou-tls-'));
const certFile = join(folder, 'cert.pem');
const keyFile = join(folder, 'key.pem');
const clients = [];
let node;
let tls;
let wss;

/** Makes a certificate that is its own authority. */
function certify(name) {
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt',
    'ec_paramgen_curve:P-256', '-nodes', '-days', '1', '-subj', `/CN=${name}`,
    '-addext', `subjectAltName=DNS:${name}`, '-keyout', keyFile,
    '-out', certFile], { stdio: 'ignore' });
  return { ca: readFileSync(certFile), servername: name };
}

async function hangUp(pattern) {
  const from = node.output.length;
  node.child.kill('SIGHUP');
  await eventually(() => pattern.test(node.output.slice(from)), `${pattern}`);
}

/** Resolves with the server's name and version once the handshake is done. */
function peer(options) {
  return new Promise((done, fail) => {
    const [host, port] = tls.split(':');
    const socket = connectTls({ host, port: Number(port), ...options }, () => {
      done({ name: socket.getPeerCertificate().subject.CN,
        version: socket.getProtocol() });
      socket.destroy();
    });
    socket.on('error', fail);
  });
}

let trust;

before(async () => {
  trust = certify('first.example');
  node = await NodeProcess.start('--gateway.tls-addr=127.0.0.1:0',
    '--gateway.wss-addr=127.0.0.1:0', `--gateway.tls-cert-file=${certFile}`,
    `--gateway.tls-key-file=${keyFile}`,
    '--gateway.trusted-proxies=127.0.0.2');
  tls = node.address(/over TLS\s+tls (\S+)/);
  wss = node.address(/over TLS\s+wss (\S+)/);
});

after(async () => {
  for (const c of clients)
    c.close();
  await node.discard();
  rmSync(folder, { recursive: true, force: true });
});

async function login(url, uid) {
  await node.addUsers(uid);
  const c = new JsonClient(url, uid, `${uid}-token`, trust);
  clients.push(c);
  assert.equal((await c.connect()).reasonCode, 1);
  return c;
}

test('messages go both ways between TLS, WebSocket over TLS and TCP',
  async () => {
    const a = await login(`tls://${tls}`, 'a');
    const b = await login(`wss://${wss}/any`, 'b');
    await node.must('/user/token', { uid: 'c', token: 'c-token',
      device_flag: 0, device_level: 0 });
    const c = new Client('c', 'c-token');
    clients.push(c);
    assert.equal((await c.login(node.tcp)).reason, 1);
    const long = 'x'.repeat(100_000); // several records
    assert.equal((await a.send('b', 1, long)).reasonCode, 1);
    assert.equal((await b.send('a', 1, long)).reasonCode, 1);
    assert.equal((await a.send('c', 1, 'to frames')).reasonCode, 1);
    assert.equal((await c.send('"to texts"', 'a')).reason, 1);
    await eventually(() => a.recvs.length === 2, 'RECVs of a');
    await eventually(() => b.recvs.length === 1, 'RECV of b');
    await eventually(() => c.recvs.length === 1, 'RECV of c');
    assert.equal(b.recvs[0].content, long);
    assert.equal(a.recvs[0].content, long);
    assert.equal(a.recvs[1].content, 'to texts');
    await Promise.all(Array.from({ length: 50 }, () => a.ping()));
  });

test('1.2 and 1.3 are spoken, 1.1 is not', async () => {
  for (const version of ['TLSv1.2', 'TLSv1.3'])
    assert.deepEqual(await peer({ ...trust, minVersion: version,
      maxVersion: version }), { name: 'first.example', version });
  await assert.rejects(peer({ ...trust, minVersion: 'TLSv1.1',
    maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }));
});

test('/route tells the address of WebSocket over TLS', async () => {
  const res = await fetch(`http://${node.http}/route`,
    { headers: { token: node.token } });
  assert.equal((await res.json()).wss_addr, `wss://${wss}`);
});

test('SIGHUP takes a new certificate and drops nobody', async () => {
  const a = await login(`tls://${tls}`, 'd');
  const second = certify('second.example');
  await hangUp(/node-reloaded/);
  assert.equal((await peer(second)).name, 'second.example');
  await assert.rejects(peer(trust)); // the old one is no longer shown
  await a.ping();
  writeFileSync(certFile, 'nonsense');
  await hangUp(/node-reload-failed.*cert\.pem/);
  assert.equal((await peer(second)).name, 'second.example');
  await a.ping();
  trust = second;
});

test('a PROXY header counts from a trusted address only', async () => {
  const header = 'PROXY TCP4 1.2.3.4 5.6.7.8 4711 5100\r\n';
  const bytes = async (localAddress) => {
    const [host, port] = node.tcp.split(':');
    const socket = connect({ host, port: Number(port), localAddress });
    let text = '';
    let closed = false;
    socket.on('data', (x) => { text += x; });
    socket.on('close', () => { closed = true; });
    socket.on('error', () => {});
    socket.write(`${header}{"id":"1","method":"connect",`
      + '"params":{"uid":"nobody","token":"wrong"}}');
    await eventually(() => closed, 'the close');
    return text;
  };
  assert.match(await bytes('127.0.0.2'), /reasonCode 2/);
  assert.equal(await bytes('127.0.0.1'), '');
  const [host, port] = tls.split(':');
  const raw = connect({ host, port: Number(port), localAddress: '127.0.0.2' });
  raw.write(header);
  await new Promise((done, fail) => {
    const socket = connectTls({ socket: raw, ...trust }, done);
    socket.on('error', fail);
  });
  raw.destroy();
});

test('a start without a good certificate says why', async () => {
  for (const [options, said] of [
    [[], /gateway\.tls-cert-file must be given/],
    [['--gateway.tls-cert-file=/none', `--gateway.tls-key-file=${keyFile}`],
      /certificate file '\/none' cannot be read/],
  ]) {
    const bad = new NodeProcess(['--gateway.wss-addr=127.0.0.1:0', ...options]);
    await assert.rejects(bad.run(), said);
    rmSync(bad.dataFolder, { recursive: true, force: true });
  }
});

test('--check-config says what a start would', () => {
  certify('third.example');
  const file = join(folder, 'node.conf');
  const check = (text) => {
    writeFileSync(file, text);
    return spawnSync(join(binFolder, 'jindou-node'),
      [`--config-file=${file}`, '--check-config'], { encoding: 'utf8' });
  };
  const files = `tls-cert-file = "${certFile}"\ntls-key-file = "${keyFile}"\n`;
  const door = '[gateway]\nwss-addr = "127.0.0.1:5443"\n';
  assert.equal(check(door + files).status, 0);
  const none = check(`${door}tls-key-file = "/none"\ntls-cert-file = "/none"\n`);
  assert.equal(none.status, 78);
  assert.match(none.stderr, /node\.conf:4: .*'\/none' cannot be read/);
  const proxies = check('[gateway]\ntrusted-proxies = "rubbish"\n');
  assert.equal(proxies.status, 78);
  assert.match(proxies.stderr, /node\.conf:2: gateway\.trusted-proxies: .*rubbish/);
});
