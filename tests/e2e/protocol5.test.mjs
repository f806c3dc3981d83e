// A client of our own at every protocol version, over TCP, encrypted.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Client } from './support/client5.mjs';
import { NodeProcess, eventually } from './support/node_process.mjs';

let node;
const clients = [];

async function login(uid, changes) {
  const c = new Client(uid, `${uid}-token`, changes);
  clients.push(c);
  const ack = await c.login(node.tcp);
  assert.equal(ack.reason, 1);
  return c;
}

async function users(...uids) {
  for (const uid of uids)
    await node.must('/user/token',
      { uid, token: `${uid}-token`, device_flag: 0, device_level: 0 });
}

before(async () => {
  node = await NodeProcess.start('--message-retry.interval=1s',
    '--message-retry.scan-interval=1s');
});

after(async () => {
  for (const c of clients)
    c.close();
  await node.discard();
});

test('CONNACK of version 5 carries version, keys and node', async () => {
  await users('u0');
  const c = await login('u0');
  assert.equal(c.connack.serverVersion, 5);
  assert.equal(c.connack.nodeId, 1n);
  assert.equal(c.connack.salt.length, 16);
  assert.equal(Buffer.from(c.connack.serverKey, 'base64').length, 32);
  assert.ok(c.connack.timeDiff >= -1000n && c.connack.timeDiff <= 5000n);
});

test('messages arrive signed, in order, with dense seqs', async () => {
  await users('a', 'b');
  const [a, b] = [await login('a'), await login('b')];
  for (let i = 1; i <= 20; ++i) {
    const ack = await a.send(`m${i}`, 'b');
    assert.equal(ack.reason, 1);
    assert.equal(ack.seq, i);
  }
  await eventually(() => b.recvs.length === 20, '20 RECVs');
  assert.deepEqual(b.recvs.map((m) => m.text),
    Array.from({ length: 20 }, (_, i) => `m${i + 1}`));
  for (const m of b.recvs) {
    assert.ok(m.keyIsRight);
    assert.equal(m.channelId, 'a');
    assert.equal(m.fromUid, 'a');
  }
  for (let i = 1; i < 20; ++i)
    assert.ok(b.recvs[i].id > b.recvs[i - 1].id);
});

test('flags are echoed and noPersist is pushed without a seq', async () => {
  await users('a1', 'b1');
  const [a, b] = [await login('a1'), await login('b1')];
  const ack = await a.send('typing', 'b1', 1, { flags: 1 | 2 });
  assert.equal(ack.flags, 3);
  assert.equal(ack.seq, 0);
  assert.equal(ack.reason, 1);
  await eventually(() => b.recvs.length === 1, 'the RECV');
  assert.equal(b.recvs[0].flags, 3);
  assert.equal(b.recvs[0].seq, 0);
  assert.deepEqual(await node.history('a1', 'b1', 1), []);
});

test('a forged msgKey is answered with 9 and the connection stays', async () => {
  await users('a2');
  const a = await login('a2');
  const bad = await a.send('x', 'b2', 1, { msgKey: '0'.repeat(32) });
  assert.equal(bad.reason, 9);
  assert.equal(bad.seq, 0);
  assert.equal((await a.send('y', 'b2')).reason, 1);
});

test('a repeat is answered with the first id and seq', async () => {
  await users('a3');
  const a = await login('a3');
  const first = await a.send('x', 'b3', 1, { clientMsgNo: 'same' });
  await a.send('y', 'b3');
  const again = await a.send('x', 'b3', 1, { clientMsgNo: 'same' });
  assert.equal(again.reason, 1);
  assert.equal(again.id, first.id);
  assert.equal(again.seq, first.seq);
  assert.equal((await node.history('a3', 'b3', 1)).length, 2);
});

test('frames may come byte by byte or many in one write', async () => {
  await users('a4', 'b4');
  const [a, b] = [await login('a4'), await login('b4')];
  for (const byte of a.sendFrame('slow', 'b4'))
    a.socket.write(Buffer.from([byte]));
  a.socket.write(Buffer.concat(Array.from({ length: 150 },
    (_, i) => a.sendFrame(`fast ${i}`, 'b4'))));
  await eventually(() => b.recvs.length === 151, '151 RECVs');
  assert.deepEqual(b.recvs.map((m) => m.seq),
    Array.from({ length: 151 }, (_, i) => i + 1));
  assert.equal(b.recvs[150].text, 'fast 149');
});

test('PING is answered, an oversize frame ends the connection', async () => {
  await users('a5');
  const a = await login('a5');
  a.socket.write(Buffer.from([0x70]));
  await eventually(() => a.pongs === 1, 'PONG');
  a.socket.write(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]));
  await eventually(() => a.closed, 'the close');
});

test('a refused login hears its reason, then the close', async () => {
  await users('a6');
  const c = new Client('a6', 'wrong');
  clients.push(c);
  assert.equal((await c.login(node.tcp)).reason, 2);
  await eventually(() => c.closed, 'the close');
  const noKey = new Client('a6', 'a6-token');
  clients.push(noKey);
  Object.defineProperty(noKey.keys, 'clientKey', { value: '' });
  assert.equal((await noKey.login(node.tcp)).reason, 21);
});

test('both devices of a user get what the third sends', async () => {
  await users('a7', 'b7');
  const [one, two, b] = [await login('a7'), await login('a7'),
    await login('b7')];
  await one.send('hi', 'b7', 1, { flags: 2 });
  await eventually(() => two.recvs.length === 1 && b.recvs.length === 1,
    'both RECVs');
  assert.equal(two.recvs[0].channelId, 'b7');
  assert.equal(two.recvs[0].flags & 2, 0);
  assert.equal(b.recvs[0].flags & 2, 2);
  assert.equal(one.recvs.length, 0);
});

test('versions 1 to 5 talk in one group', async () => {
  const uids = [1, 2, 3, 4, 5].map((v) => `v${v}`);
  await users(...uids);
  await node.must('/channel',
    { channel_id: 'mixed', channel_type: 2, subscribers: uids });
  const all = [];
  for (const version of [1, 2, 3, 4, 5])
    all.push(await login(`v${version}`, { version }));
  for (const c of all)
    assert.equal((await c.send(`from ${c.version}`, 'mixed', 2)).reason, 1);
  for (const c of all) {
    await eventually(() => c.recvs.length === 4, `RECVs of ${c.version}`);
    assert.ok(c.recvs.every((m) => m.keyIsRight));
    assert.equal(c.connack.serverVersion, c.version > 3 ? c.version : undefined);
  }
});

test('a RECV that stays unacknowledged comes again', async () => {
  await users('a8', 'b8');
  const a = await login('a8');
  const b = await login('b8', { acknowledges: false });
  await a.send('once', 'b8');
  await eventually(() => b.recvs.length >= 2, 'the second push');
  assert.equal(b.recvs[1].id, b.recvs[0].id);
  assert.equal(b.recvs[1].text, 'once');
  b.acknowledges = true;
  const before = b.recvs.length;
  await eventually(() => b.recvs.length > before, 'one more push');
  const quiet = b.recvs.length;
  await new Promise((done) => setTimeout(done, 3_000));
  assert.ok(b.recvs.length <= quiet + 1, 'acknowledged: it stops');
});
