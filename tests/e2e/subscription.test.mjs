// SUB and UNSUB of single sessions: data channels, and what other types say.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Client } from './support/client5.mjs';
import { JsonClient } from './support/json_client.mjs';
import { NodeProcess, eventually } from './support/node_process.mjs';

let node;
const clients = [];

async function login(uid, changes) {
  await node.must('/user/token',
    { uid, token: `${uid}-token`, device_flag: 0, device_level: 0 });
  const c = new Client(uid, `${uid}-token`, changes);
  clients.push(c);
  assert.equal((await c.login(node.tcp)).reason, 1);
  return c;
}

/** Sends to a data channel as a back end does. */
async function publish(channelId, text, more = {}) {
  await node.must('/message/send', {
    header: { no_persist: 0, red_dot: 0, sync_once: 0 }, from_uid: 'backend',
    channel_id: channelId, channel_type: 7,
    payload: Buffer.from(text).toString('base64'), ...more,
  });
}

const texts = (c) => c.recvs.map((m) => m.text);

before(async () => {
  node = await NodeProcess.start('--gateway.subscriptions-max=3',
    '--message-retry.interval=1s', '--message-retry.scan-interval=1s');
});

after(async () => {
  for (const c of clients)
    c.close();
  await node.discard();
});

test('a subscribed session receives, in order, until it unsubscribes',
  async () => {
    const [one, two] = [await login('a'), await login('a')];
    const other = await login('b', { version: 2 });
    assert.deepEqual(await one.subscribe('feed'),
      { subNo: one.subacks[0].subNo, channelId: 'feed', channelType: 7,
        action: 0, reason: 1 });
    assert.equal((await other.subscribe('feed')).reason, 1);
    for (let i = 1; i <= 20; ++i)
      await publish('feed', `m${i}`);
    const all = Array.from({ length: 20 }, (_, i) => `m${i + 1}`);
    await eventually(() => one.recvs.length === 20
      && other.recvs.length === 20, '20 RECVs');
    assert.deepEqual(texts(one), all);
    assert.deepEqual(texts(other), all);
    for (const m of one.recvs) {
      assert.ok(m.keyIsRight);
      assert.equal(m.channelId, 'feed');
      assert.equal(m.channelType, 7);
      assert.equal(m.fromUid, 'backend');
    }
    assert.equal(two.recvs.length, 0, 'the other session did not ask');
    assert.equal((await one.unsubscribe('feed')).reason, 1);
    assert.equal((await one.unsubscribe('feed')).reason, 3);
    await publish('feed', 'last');
    await eventually(() => other.recvs.length === 21, 'the last RECV');
    assert.equal(one.recvs.length, 20);
  });

test('a subscription ends with its session', async () => {
  const first = await login('c');
  await first.subscribe('gone');
  first.close();
  await eventually(() => first.closed, 'the close');
  const again = await login('c', { deviceId: first.deviceId });
  await publish('gone', 'x');
  const witness = await login('d');
  await witness.subscribe('gone');
  await publish('gone', 'y');
  await eventually(() => witness.recvs.length === 1, 'the RECV');
  assert.deepEqual(texts(witness), ['y']);
  assert.equal(again.recvs.length, 0);
});

test('a RECV of a subscription is repeated until it is acknowledged',
  async () => {
    const c = await login('e', { acknowledges: false });
    await c.subscribe('again');
    await publish('again', 'x');
    await eventually(() => c.recvs.length >= 2, 'the repetition');
    assert.equal(c.recvs[1].id, c.recvs[0].id);
  });

test('others hear whether they receive anyway', async () => {
  const [member, stranger] = [await login('f'), await login('g')];
  await node.must('/channel',
    { channel_id: 'team', channel_type: 2, subscribers: ['f'] });
  assert.equal((await member.subscribe('team', 2)).reason, 1);
  assert.equal((await stranger.subscribe('team', 2)).reason, 3);
  assert.equal((await stranger.subscribe('f', 1)).reason, 1, 'a person');
  assert.equal((await stranger.subscribe('nowhere', 4)).reason, 3);
  assert.equal((await member.send('hi', 'team', 2)).reason, 1);
  assert.equal(member.recvs.length, 0, 'never to the session that sent');
});

test('bans, deny lists and the bound of a session are answered', async () => {
  const c = await login('h');
  await node.must('/channel',
    { channel_id: 'banned', channel_type: 7, ban: 1 });
  await node.must('/channel/blacklist_add',
    { channel_id: 'denied', channel_type: 7, uids: ['h'] });
  assert.equal((await c.subscribe('banned')).reason, 19);
  assert.equal((await c.subscribe('denied')).reason, 4);
  assert.equal((await c.subscribe('')).reason, 3);
  for (const id of ['s1', 's2', 's3'])
    assert.equal((await c.subscribe(id)).reason, 1);
  assert.equal((await c.subscribe('s4')).reason, 22);
  assert.equal((await c.unsubscribe('s1')).reason, 1);
  assert.equal((await c.subscribe('s4')).reason, 1);
  await node.must('/channel/blacklist_add',
    { channel_id: 's4', channel_type: 7, uids: ['h'] });
  await publish('s4', 'not for h');
  await publish('s3', 'for h');
  await eventually(() => c.recvs.length === 1, 'the RECV');
  assert.deepEqual(texts(c), ['for h']);
});

test('a subscription gives no right to send', async () => {
  const c = await login('i');
  await c.subscribe('quiet');
  assert.equal((await c.send('x', 'quiet', 7)).reason, 3);
  await node.must('/channel/subscriber_add',
    { channel_id: 'quiet', channel_type: 7, subscribers: ['i'] });
  assert.equal((await c.send('y', 'quiet', 7)).reason, 1);
  await publish('quiet', 'z');
  await eventually(() => c.recvs.length > 0, 'the RECV');
  await c.subscribe('quiet');
  assert.deepEqual(texts(c), ['z'], 'once, though subscribed twice');
});

test('every SUB of a flood is answered once', async () => {
  const c = await login('j');
  const count = 2_000;
  c.socket.write(Buffer.concat(Array.from({ length: count }, (_, i) =>
    c.subFrame(`flood${i % 3}`, 7, i % 2, `n${i}`))));
  await eventually(() => c.subacks.length === count, 'all SUBACKs');
  assert.equal(new Set(c.subacks.map((x) => x.subNo)).size, count);
  assert.ok(c.subacks.every((x) => [1, 3, 22].includes(x.reason)));
  c.socket.write(Buffer.from([0x70]));
  await eventually(() => c.pongs === 1, 'PONG');
});

for (const kind of ['tcp', 'ws'])
  test(`JSON-RPC clients over ${kind} subscribe by request`, async () => {
    const uid = `json-${kind}`;
    await node.addUsers(uid);
    const url = kind === 'tcp' ? `tcp://${node.tcp}` : `ws://${node.ws}/`;
    const c = new JsonClient(url, uid, `${uid}-token`);
    clients.push(c);
    await c.connect();
    const params = { subNo: 'n', channelId: `jf-${kind}`, channelType: 7 };
    const [sub, pong] = await Promise.all([c.request('subscribe', params),
      c.ping()]);
    assert.deepEqual(sub, { ...params, action: 0, reasonCode: 1 });
    assert.equal(pong, undefined);
    await publish(`jf-${kind}`, JSON.stringify({ type: 1, content: 'hi' }));
    await eventually(() => c.recvs.length === 1, 'the RECV');
    assert.equal(c.recvs[0].content.content, 'hi');
    assert.deepEqual(await c.request('unsubscribe', params),
      { ...params, action: 1, reasonCode: 1 });
    assert.equal((await c.request('unsubscribe', params)).reasonCode, 3);
  });
