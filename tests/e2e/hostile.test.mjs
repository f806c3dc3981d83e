// Input that no honest client sends. Each of it ends in a bounded refusal that
// is counted and logged, while a witness goes on talking.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';

import { Client } from './support/client5.mjs';
import { JsonClient } from './support/json_client.mjs';
import { NodeProcess, eventually } from './support/node_process.mjs';
import { RawSocket, openWebsocket, statuses, websocketFrame }
  from './support/raw_socket.mjs';

const folder = mkdtempSync(join(tmpdir(), 'jindou-hostile-'));
const clients = [];
let node;
let tls;
let trust;
let witness;
let before_kib;
const begun_at = Date.now();

const repeated = (text, n) => Buffer.alloc(text.length * n, text);

/** The value of a counter of the node. */
async function metric(name) {
  const text = await (await fetch(`http://${node.monitor}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)[1]);
}

/** Runs `attack` and insists that the counter rises by `n` at least. */
async function counted(name, n, attack) {
  const from = await metric(name);
  const res = await attack();
  await eventually(async () => await metric(name) >= from + n,
    `${n} more of ${name}`);
  return res;
}

const broken = (n, attack) =>
  counted('jindou_protocol_errors_total', n, attack);
const late = (n, attack) =>
  counted('jindou_connections_timed_out_total', n, attack);
const httpErrors = (n, attack) => counted('jindou_http_errors_total', n, attack);

function residentKib() {
  const status = readFileSync(`/proc/${node.child.pid}/status`, 'latin1');
  return Number(/VmRSS:\s+(\d+)/.exec(status)[1]);
}

async function login(uid, changes = {}) {
  const c = new Client(uid, `${uid}-token`, { deviceFlag: 1, ...changes });
  clients.push(c);
  assert.equal((await c.login(node.tcp)).reason, 1);
  return c;
}

before(async () => {
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt',
    'ec_paramgen_curve:P-256', '-nodes', '-days', '1', '-subj', '/CN=x',
    '-addext', 'subjectAltName=DNS:x', '-keyout', join(folder, 'key.pem'),
    '-out', join(folder, 'cert.pem')], { stdio: 'ignore' });
  trust = { ca: readFileSync(join(folder, 'cert.pem')), servername: 'x' };
  node = await NodeProcess.start('--gateway.tls-addr=127.0.0.1:0',
    `--gateway.tls-cert-file=${join(folder, 'cert.pem')}`,
    `--gateway.tls-key-file=${join(folder, 'key.pem')}`,
    '--gateway.first-frame-time=1s', '--gateway.outbox-bytes-max=1048576');
  tls = node.address(/over TLS\s+tls (\S+)/);
  await node.addUsers('witness', 'friend', 'h1', 'h2', 'h3', 'j1');
  witness = await login('witness');
  await witness.send('hello', 'friend');
  before_kib = residentKib();
});

afterEach(async () => {
  const begin = Date.now();
  const ack = await witness.send('still here', 'friend');
  assert.equal(ack.reason, 1);
  assert.ok(Date.now() - begin < 2_000, 'the witness is answered');
  assert.ok(!witness.closed);
});

after(async () => {
  for (const c of clients)
    c.close();
  await node.discard();
  rmSync(folder, { recursive: true, force: true });
});

// -- HTTP -------------------------------------------------------------------------

const request = (fields, body = '', line = 'POST /message/send HTTP/1.1') =>
  `${line}\r\nHost: x\r\n${fields}\r\n${body}`;

/** Connections whose headers never end; looked at when the others are done. */
let lorises;

test('slow-loris connections begin', async () => {
  lorises = await Promise.all(Array.from({ length: 50 }, async () => {
    const raw = await RawSocket.open(node.http);
    raw.write('GET /health HTTP/1.1\r\nHost: x\r\n');
    raw.drip = setInterval(() => raw.write('X-a: b\r\n'), 1_000);
    return raw;
  }));
});

test('headers without end are refused with 431', async () => {
  for (const bomb of [repeated('A: b\r\n', 100_000),
    repeated('x', 500_000), `X: ${'y'.repeat(30_000)}\r\n`])
    assert.deepEqual(await httpErrors(1, () => statuses(node.http,
      Buffer.concat([Buffer.from('GET /health HTTP/1.1\r\n'),
        Buffer.from(bomb)]))), [431]);
  const long = `GET /health?${'q'.repeat(100_000)} HTTP/1.1`;
  assert.deepEqual(await statuses(node.http, request('', '', long)), [431]);
  for (const bomb of [repeated('A: b\r\n', 5_000), repeated('x', 20_000)])
    assert.deepEqual(await broken(1, () => statuses(node.ws,
      Buffer.concat([Buffer.from('GET / HTTP/1.1\r\n'), bomb]))), [431]);
});

test('requests that two readers would cut differently are refused', async () => {
  const inner = request('', '', 'GET /health HTTP/1.1');
  const chunked = 'Transfer-Encoding: chunked\r\n';
  const shapes = [
    request(`Content-Length: 3\r\n${chunked}`, `0\r\n\r\n${inner}`),
    request(`${chunked}Content-Length: 3\r\n`, `0\r\n\r\n${inner}`),
    request('Content-Length: 3\r\nContent-Length: 3\r\n', `abc${inner}`),
    request('Content-Length: 0\r\nContent-Length: 9\r\n', inner),
    request('Content-Length: 3, 3\r\n', `abc${inner}`),
    request('Content-Length: +3\r\n', `abc${inner}`),
    request('Content-Length: 0x3\r\n', `abc${inner}`),
    request('Content-Length: -1\r\n', inner),
    request('Content-Length : 3\r\n', `abc${inner}`),
    request('Transfer-Encoding : chunked\r\n', `0\r\n\r\n${inner}`),
    request('Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n',
      `0\r\n\r\n${inner}`),
    request('Transfer-Encoding: gzip, chunked\r\n', `0\r\n\r\n${inner}`),
    request('Transfer-Encoding:\x0bchunked\r\n', `0\r\n\r\n${inner}`),
    request('X: a\r\n Content-Length: 3\r\n', `abc${inner}`),
    request('X: a\r\n\tb\r\n', inner),
    request('X: a\nContent-Length: 3\r\n', `abc${inner}`),
    request('X: a\rContent-Length: 3\r\n', `abc${inner}`),
    request('X: a\0b\r\n', inner),
    request('Host: y\r\n', inner),
    `POST /message/send HTTP/1.1\r\n\r\n${inner}`,
    `POST http://x/message/send HTTP/1.1\r\nHost: x\r\n\r\n${inner}`,
    `POST /message/send HTTP/1.0\r\n${chunked}\r\n0\r\n\r\n${inner}`,
  ];
  await httpErrors(shapes.length, async () => {
    for (const shape of shapes)
      assert.deepEqual(await statuses(node.http, shape), [400],
        JSON.stringify(shape));
  });
  const lines = 'POST / HTTP/1.1\nHost: x\n\n\r\n\r\n';
  assert.deepEqual(await statuses(node.http, lines), [400]);
  const chunks = request(`token: ${node.token}\r\n${chunked}`,
    `zz\r\n{}\r\n0\r\n\r\n${inner}`);
  assert.deepEqual(await statuses(node.http, chunks), [400]);
});

test('JSON without a bottom, or without an end, is refused', async () => {
  const bodies = ['['.repeat(1_000_000), '{"a":'.repeat(200_000),
    `{"channel_id":"${'x'.repeat(2_000_000)}","channel_type":2}`,
    `[${'1,'.repeat(500_000)}1]`, '"'.repeat(1_000), '\xff\xfe'];
  await httpErrors(bodies.length, async () => {
    for (const body of bodies) {
      const res = await fetch(`http://${node.http}/channel`, { method: 'POST',
        headers: { token: node.token }, body });
      assert.equal(res.status, 400);
      assert.ok((await res.text()).length < 500);
    }
  });
  const res = await httpErrors(1, () => statuses(node.http,
    request(`token: ${node.token}\r\nContent-Length: 999999999\r\n`)));
  assert.deepEqual(res, [413]);
});

// -- frames -----------------------------------------------------------------------

test('a million PINGs are answered, the others hardly notice', async () => {
  const c = await login('h1');
  let pongs = 0;
  c.socket.removeAllListeners('data');
  c.socket.on('data', (x) => { pongs += x.length; });
  for (let i = 0; i < 20; ++i)
    c.socket.write(Buffer.alloc(50_000, 0x70));
  const ack = await witness.send('through the flood', 'friend');
  assert.equal(ack.reason, 1);
  await eventually(() => pongs === 1_000_000, 'all pongs', 20_000);
  c.close();
});

test('a client that pings and never reads is closed', async () => {
  const c = await login('h2');
  c.socket.pause();
  await counted('jindou_slow_readers_closed_total', 1, async () => {
    for (let i = 0; i < 500 && !c.socket.destroyed; ++i) {
      c.socket.write(Buffer.alloc(50_000, 0x70));
      await eventually(() => c.socket.writableLength < 500_000
        || c.socket.destroyed, 'room for more');
    }
  });
  c.close();
});

test('bytes that are no frames end the connection', async () => {
  const starts = [
    Buffer.from([0x00, 0x00]), // reserved type
    Buffer.from([0x30, 0x01, 0x00]), // SEND before CONNECT
    Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f]), // 256 MiB
    Buffer.from([0x10, 0xff, 0xff, 0xff, 0xff, 0x01]), // five bytes of length
    Buffer.from([0x10, 0x05, 0x05, 0x00, 0xff, 0xff, 0x41]), // negative text
    Buffer.from([0x10, 0x02, 0x05, 0x00]), // ends inside
    Buffer.from('GET / HTTP/1.1\r\n\r\n'),
  ];
  await broken(starts.length, async () => {
    for (const bytes of starts) {
      const raw = await RawSocket.open(node.tcp);
      raw.write(bytes);
      assert.ok(await raw.end(3_000) < 0.9, bytes.toString('hex'));
      assert.equal(raw.bytes.length, 0);
    }
  });
  const c = await login('h3');
  await broken(1, async () => {
    c.socket.write(Buffer.from([0xf0, 0xff]));
    await eventually(() => c.closed, 'the close');
  });
});

test('a CONNECT that never ends is closed', async () => {
  const raw = await RawSocket.open(node.tcp);
  const head = Buffer.from([0x10, 0xff, 0xff, 0x3f]); // 1 MiB is allowed
  await broken(1, async () => {
    raw.write(Buffer.concat([head, Buffer.alloc(200_000)]));
    await raw.end(3_000);
  });
});

test('huge names are refused, a huge payload too', async () => {
  const name = 'n'.repeat(32_767);
  const unknown = new Client(name, 'token');
  clients.push(unknown);
  await counted('jindou_logins_refused_total', 1, async () =>
    assert.notEqual((await unknown.login(node.tcp)).reason, 1));
  const c = await login('h3');
  await counted('jindou_sends_refused_total', 3, async () => {
    assert.notEqual((await c.send('x', name, 2)).reason, 1);
    assert.notEqual((await c.send('x', 'friend', 1,
      { clientMsgNo: name })).reason, 1);
    assert.notEqual((await c.send('p'.repeat(750_000), 'friend')).reason, 1);
  });
  assert.equal((await c.send('small', 'friend')).reason, 1);
});

test('JSON-RPC texts without a bottom are refused, the client stays', async () => {
  const c = new JsonClient(`tcp://${node.tcp}`, 'j1', 'j1-token');
  clients.push(c);
  assert.equal((await c.connect()).reasonCode, 1);
  const deep = '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000);
  await counted('jindou_json_texts_refused_total', 3, () => {
    for (const text of [deep, `{"a":${'['.repeat(100_000)}}`,
      `{"method":"send","id":"1","params":{"channelId":[]}}`])
      c.link.write(text);
  });
  const raw = await RawSocket.open(node.tcp);
  await broken(1, async () => {
    raw.write(`{"method":"${'c'.repeat(2_000_000)}`);
    await raw.end(3_000);
  });
});

// -- WebSocket --------------------------------------------------------------------

test('frames against the rules of WebSocket end with 1002', async () => {
  const some = Buffer.from('payload');
  const begun = websocketFrame(0x02, some.subarray(0, 0));
  const big = Buffer.from([0x82, 0xff, 0, 0, 0, 0, 1, 0, 0, 1, 1, 2, 3, 4]);
  const shapes = {
    'oversized ping': websocketFrame(0x89, Buffer.alloc(126)),
    'fragmented ping': websocketFrame(0x09, some),
    'fragmented close': websocketFrame(0x08),
    'close of one byte': websocketFrame(0x88, Buffer.alloc(1)),
    unmasked: websocketFrame(0x82, some, false),
    'unmasked ping': websocketFrame(0x89, some, false),
    'reserved bit 1': websocketFrame(0xc2, some),
    'reserved bit 2': websocketFrame(0xa2, some),
    'reserved bit 3': websocketFrame(0x92, some),
    'unknown data opcode': websocketFrame(0x83, some),
    'unknown control opcode': websocketFrame(0x8b, some),
    'nothing to continue': websocketFrame(0x80, some),
    'message inside another': Buffer.concat([begun, websocketFrame(0x82)]),
    'more than 16 MiB': big,
  };
  await broken(Object.keys(shapes).length, async () => {
    for (const [name, bytes] of Object.entries(shapes)) {
      const raw = await openWebsocket(node.ws);
      raw.write(bytes);
      await eventually(() => raw.bytes.length >= 4, name);
      assert.equal(raw.bytes.toString('hex'), '880203ea', name);
      await raw.end(5_000);
    }
  });
});

test('messages in fragments without end are bounded', async () => {
  const junk = await openWebsocket(node.ws);
  await broken(1, async () => {
    junk.write(websocketFrame(0x02, Buffer.from([0x10, 0xff, 0xff, 0x3f])));
    for (let i = 0; i < 40; ++i)
      junk.write(websocketFrame(0x00, Buffer.alloc(10_000)));
    await junk.end(3_000);
  });
  const empty = await openWebsocket(node.ws);
  await late(1, async () => {
    empty.write(websocketFrame(0x02));
    for (let i = 0; i < 20; ++i)
      empty.write(Buffer.concat(Array.from({ length: 5_000 },
        () => websocketFrame(0x00))));
    await empty.end(5_000);
  });
});

// -- TLS --------------------------------------------------------------------------

test('TLS is not negotiated again', async () => {
  const raw = await RawSocket.open(tls, { ...trust, maxVersion: 'TLSv1.2' });
  const refused = new Promise((done) => {
    raw.socket.on('error', done);
    raw.socket.renegotiate({}, (e) => { if (e) done(e); });
  });
  assert.match(String(await refused), /renegotiation/i);
  raw.close();
});

test('old TLS and what is no TLS are refused', async () => {
  await counted('jindou_tls_handshakes_failed_total', 2, async () => {
    await assert.rejects(RawSocket.open(tls, { ...trust,
      minVersion: 'TLSv1', maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0' }));
    const plain = await RawSocket.open(tls);
    plain.write('GET / HTTP/1.1\r\n\r\n');
    await plain.end(3_000);
  });
});

// -- what is left -----------------------------------------------------------------

test('slow-loris connections have ended with 408', async () => {
  for (const raw of lorises) {
    await raw.end(15_000);
    clearInterval(raw.drip);
    assert.match(raw.text, /^HTTP\/1\.1 408/);
  }
});

test('a log of some lines and no memory are what is left', async (t) => {
  const grown = residentKib() - before_kib;
  // AddressSanitizer keeps what was freed and pads what is used.
  const most = process.env.ASAN_OPTIONS ? 300_000 : 100_000;
  assert.ok(grown < most, `${grown} KiB more`);
  const lines = node.output.split('\n').filter((x) =>
    /-refused\]/.test(x)).length;
  t.diagnostic(`${grown} KiB more, ${lines} lines`);
  const seconds = (Date.now() - begun_at) / 1_000; // a line each of two kinds
  assert.ok(lines > 0 && lines <= 2 * seconds + 2, `${lines} lines`);
  assert.ok(!node.output.includes('witness-token'), 'no token in the log');
});
