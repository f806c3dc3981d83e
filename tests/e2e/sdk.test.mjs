// The published JavaScript SDK, protocol version 2, over WebSocket.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { NodeProcess, eventually } from './support/node_process.mjs';
import { SdkUser } from './support/sdk.mjs';

let node;
const users = [];

async function connect(uid, token) {
  const user = await SdkUser.connect(node, uid, token);
  users.push(user);
  return user;
}

before(async () => {
  node = await NodeProcess.start();
});

after(async () => {
  for (const user of users)
    user.close();
  await node.discard();
});

test('two users exchange 100 messages in order', async () => {
  await node.addUsers('a1', 'b1');
  const a = await connect('a1');
  const b = await connect('b1');
  for (let i = 0; i < 50; ++i) {
    await a.send(`from a ${i}`, 'b1');
    await b.send(`from b ${i}`, 'a1');
  }
  await eventually(() => a.acks.length === 50 && b.acks.length === 50
    && a.received.length === 50 && b.received.length === 50, '100 messages');
  for (const x of [...a.acks, ...b.acks])
    assert.equal(x.reason, 1);
  const seqs = [...a.acks, ...b.acks].map((x) => x.seq).sort((x, y) => x - y);
  assert.deepEqual(seqs, Array.from({ length: 100 }, (_, i) => i + 1));
  assert.deepEqual(b.texts(), Array.from({ length: 50 }, (_, i) => `from a ${i}`));
  assert.deepEqual(a.texts(), Array.from({ length: 50 }, (_, i) => `from b ${i}`));
  for (const m of b.received) {
    assert.equal(m.fromUID, 'a1');
    assert.equal(m.channel.channelID, 'a1');
  }
  const stored = await node.history('a1', 'b1', 1);
  assert.deepEqual(stored.map((m) => m.message_seq), seqs);
  const received = new Map([...a.received, ...b.received]
    .map((m) => [m.messageSeq, m.content.text]));
  for (const m of stored)
    assert.equal(JSON.parse(Buffer.from(m.payload, 'base64')).content,
      received.get(m.message_seq));
});

test('the other device of the sender gets the message', async () => {
  await node.addUsers('a2', 'b2');
  const first = await connect('a2');
  const second = await connect('a2');
  await connect('b2');
  await first.sendAndWait('hi', 'b2');
  await eventually(() => second.received.length === 1, 'the copy');
  assert.equal(second.received[0].channel.channelID, 'b2');
  assert.equal(second.received[0].header.reddot, false);
  assert.equal(first.received.length, 0);
});

test('a group made over HTTP reaches its members and no stranger', async () => {
  await node.addUsers('a3', 'b3', 'c3', 'x3');
  await node.must('/channel', {
    channel_id: 'g3', channel_type: 2, subscribers: ['a3', 'b3', 'c3'],
  });
  const [a, b, c, x] = [await connect('a3'), await connect('b3'),
    await connect('c3'), await connect('x3')];
  assert.equal((await a.sendAndWait('hello', 'g3', 2)).reason, 1);
  await eventually(() => b.received.length === 1 && c.received.length === 1,
    'both members');
  assert.equal(b.received[0].channel.channelID, 'g3');
  assert.equal((await x.sendAndWait('me too', 'g3', 2)).reason, 3);
  assert.equal(x.received.length, 0);
});

test('every rule refuses with its own reason', async () => {
  await node.addUsers('a4', 'b4');
  const a = await connect('a4');
  await connect('b4');
  const reason = async (to = 'b4', type = 1) =>
    (await a.sendAndWait('x', to, type)).reason;
  assert.equal(await reason(), 1);
  const list = { channel_id: 'b4', channel_type: 1, uids: ['a4'] };
  await node.must('/channel/blacklist_add', list);
  assert.equal(await reason(), 4);
  await node.must('/channel/blacklist_remove', list);
  assert.equal(await reason(), 1);
  const self = { channel_id: 'a4', channel_type: 1 };
  await node.must('/channel/info', { ...self, send_ban: 1 });
  assert.equal(await reason(), 25);
  await node.must('/channel/info', { ...self, send_ban: 0 });
  assert.equal(await reason(), 1);
  const group = { channel_id: 'g4', channel_type: 2 };
  await node.must('/channel', { ...group, subscribers: ['a4'] });
  assert.equal(await reason('g4', 2), 1);
  await node.must('/channel/info', { ...group, ban: 1 });
  assert.equal(await reason('g4', 2), 19);
  await node.must('/channel/info', group);
  assert.equal(await reason('g4', 2), 1);
  await node.must('/channel/delete', group);
  assert.equal(await reason('g4', 2), 24);
});

test('without an allow list entry persons are refused if it counts', async () => {
  const strict = await NodeProcess.start('--auth.whitelist-off-of-person=false');
  try {
    await strict.addUsers('a', 'b');
    const a = await SdkUser.connect(strict, 'a');
    users.push(a);
    assert.equal((await a.sendAndWait('x', 'b')).reason, 13);
    await strict.must('/channel/whitelist_add',
      { channel_id: 'b', channel_type: 1, uids: ['a'] });
    assert.equal((await a.sendAndWait('x', 'b')).reason, 1);
  } finally {
    await strict.discard();
  }
});

test('a wrong token ends in status ConnectFail and no reconnect', async () => {
  await node.addUsers('a5');
  const user = await SdkUser.load(node, 'a5', 'wrong');
  users.push(user);
  user.sdk.connect();
  await eventually(() => user.statuses.some((x) => x.status === 3),
    'ConnectFail');
  assert.equal(user.statuses.find((x) => x.status === 3).reason, 2);
});

test('sends of a lost connection are stored once', async () => {
  await node.addUsers('a6', 'b6');
  const a = await connect('a6');
  const b = await connect('b6');
  for (let i = 0; i < 20; ++i) {
    await a.send(`m ${i}`, 'b6');
    if (i === 10)
      a.sdk.connectManager.ws.ws.terminate();
  }
  await eventually(() => a.acks.filter((x) => x.reason === 1).length >= 20,
    'all acknowledged after the reconnect', 20_000);
  const stored = await node.history('a6', 'b6', 1);
  assert.equal(stored.length, 20);
  assert.equal(new Set(stored.map((m) => m.client_msg_no)).size, 20);
  await eventually(() => b.received.length >= 20, 'the receiver');
});

test('a login with a master token ends the older one with reason 12', async () => {
  const token = { uid: 'a7', token: 'a7-token', device_flag: 1, device_level: 1 };
  await node.must('/user/token', token);
  const first = await connect('a7');
  const second = await connect('a7');
  await eventually(() => first.statuses.some((x) => x.status === 4),
    'status ConnectKick');
  assert.equal(first.statuses.find((x) => x.status === 4).reason, 12);
  assert.equal(second.last.status, 1);
});

test('a RECV whose RECVACK never comes is pushed again', async () => {
  const hasty = await NodeProcess.start('--message-retry.interval=1s',
    '--message-retry.scan-interval=200ms', '--message-retry.max-count=2');
  try {
    await hasty.addUsers('a', 'b');
    const a = await SdkUser.connect(hasty, 'a');
    const b = await SdkUser.connect(hasty, 'b');
    users.push(a, b);
    b.sdk.connectManager.sendPacket
      = (packet) => { assert.equal(packet.packetType, 6, 'only RECVACKs'); };
    b.sdk.chatManager.sendRecvackPacket = () => {};
    await a.sendAndWait('again', 'b');
    await eventually(() => b.received.length === 3, 'two repetitions', 8_000);
    const ids = new Set(b.received.map((m) => String(m.messageID)));
    assert.equal(ids.size, 1);
  } finally {
    await hasty.discard();
  }
});
