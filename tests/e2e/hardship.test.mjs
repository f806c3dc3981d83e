// Clients that are slow, silent, many or greedy, and what the others notice.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';

import { Client } from './support/client5.mjs';
import { NodeProcess, eventually } from './support/node_process.mjs';

let node;
const clients = [];

async function login(uid, changes = {}) {
  const c = new Client(uid, `${uid}-token`, { deviceFlag: 1, ...changes });
  clients.push(c);
  const ack = await c.login(node.tcp);
  assert.equal(ack.reason, 1);
  return c;
}

/** The value of a counter of the node. */
async function metric(name) {
  const text = await (await fetch(`http://${node.monitor}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)[1]);
}

const seconds = (from) => (Date.now() - from) / 1_000;

before(async () => {
  node = await NodeProcess.start('--gateway.outbox-bytes-max=1048576',
    '--gateway.first-frame-time=1s', '--gateway.conn-idle-time=3s',
    '--rates.user-per-second=20', '--rates.user-burst=40');
});

after(async () => {
  for (const c of clients)
    c.close();
  await node.discard();
});

test('an older login of the same device is closed without a DISCONNECT', async () => {
  await node.addUsers('d1');
  const first = await login('d1', { deviceId: 'phone' });
  const begin = Date.now();
  const second = await login('d1', { deviceId: 'phone' });
  const other = await login('d1', { deviceId: 'tablet' });
  await eventually(() => first.closed, 'the close');
  assert.ok(seconds(begin) > 1.5, 'it has 2 s');
  assert.equal(first.disconnect, undefined);
  assert.ok(!second.closed && !other.closed, 'another device stays');
});

test('a client that sends a byte a second is closed in time', async () => {
  await node.addUsers('s1');
  const slow = new Client('s1', 's1-token');
  clients.push(slow);
  await slow.open(node.tcp);
  const begin = Date.now();
  const bytes = slow.connectFrame();
  const drip = setInterval(() => {
    slow.socket.write(bytes.subarray(slow.dripped ?? 0,
      slow.dripped = (slow.dripped ?? 0) + 1));
  }, 200);
  await eventually(() => slow.closed, 'the close', 5_000);
  clearInterval(drip);
  assert.ok(seconds(begin) < 3);
  assert.equal(slow.frames.length, 0);
});

test('a peer that falls silent is closed, one that pings stays', async () => {
  await node.addUsers('q1', 'q2');
  const silent = await login('q1');
  const lively = await login('q2');
  const pings = setInterval(() => lively.socket.write(Buffer.from([0x70])), 500);
  await eventually(() => silent.closed, 'the close', 8_000);
  clearInterval(pings);
  assert.ok(!lively.closed);
  assert.ok(lively.pongs >= 4);
});

test('a reader that stays slow is closed, its messages stay in the history', async () => {
  await node.addUsers('r1', 'r2');
  const reader = await login('r1', { acknowledges: false });
  const before = await metric('jindou_slow_readers_closed_total');
  reader.socket.pause();
  const payload = Buffer.alloc(60_000, 'x').toString('base64');
  const pushed = 200; // 16 MB: more than socket buffers and outbox hold
  for (let i = 0; i < pushed; ++i)
    await node.must('/message/send', { from_uid: 'r2', channel_id: 'r1',
      channel_type: 1, payload });
  await eventually(async () =>
    await metric('jindou_slow_readers_closed_total') === before + 1, 'the close');
  const stored = await node.history('r1', 'r2', 1);
  assert.equal(stored[stored.length - 1].message_seq, pushed);
  reader.socket.resume();
  await eventually(() => reader.closed, 'the end of the stream');
  assert.equal(reader.disconnect, undefined); // after one it would stay away
});

test('a user who sends too fast hears 22, another one does not', async () => {
  await node.addUsers('f1', 'f2', 'f3');
  const greedy = await login('f1');
  const modest = await login('f2');
  const frames = [];
  for (let i = 0; i < 100; ++i)
    frames.push(greedy.sendFrame(`flood ${i}`, 'f3'));
  greedy.socket.write(Buffer.concat(frames));
  const ack = await modest.send('hello', 'f3');
  assert.equal(ack.reason, 1);
  await eventually(() => greedy.acks.length === 100, 'every SEND is answered');
  const good = greedy.acks.filter((x) => x.reason === 1).length;
  assert.ok(good >= 40 && good < 100, `${good} passed`);
  assert.ok(greedy.acks.every((x) => x.reason === 1 || x.reason === 22));
  assert.equal(await metric('jindou_sends_rate_limited_total'), 100 - good);
  await eventually(async () =>
    (await greedy.send('later', 'f3')).reason === 1, 'tokens come back');
});

test('a thousand connections that say nothing end, a client gets in', async () => {
  const [host, port] = node.tcp.split(':');
  const sockets = [];
  let closed = 0;
  for (let i = 0; i < 1_000; ++i) {
    const s = connect(Number(port), host);
    s.on('error', () => {});
    s.on('close', () => { ++closed; });
    s.resume();
    sockets.push(s);
  }
  await node.addUsers('t1');
  await login('t1');
  await eventually(() => closed === sockets.length, 'all closed', 10_000);
});
