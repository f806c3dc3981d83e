// JSON-RPC clients over TCP and over WebSocket, beside clients of versions 1
// to 5 in the same channel.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Client } from './support/client5.mjs';
import { JsonClient } from './support/json_client.mjs';
import { NodeProcess, eventually } from './support/node_process.mjs';

let node;
const clients = [];

const url = (kind) =>
  kind === 'tcp' ? `tcp://${node.tcp}` : `ws://${node.ws}/any?path`;

async function login(kind, uid) {
  await node.addUsers(uid);
  const c = new JsonClient(url(kind), uid, `${uid}-token`);
  clients.push(c);
  const ack = await c.connect();
  assert.equal(ack.reasonCode, 1);
  assert.equal(ack.nodeId, 1);
  assert.equal(ack.serverVersion, 5);
  assert.ok(!('serverKey' in ack) && !('salt' in ack));
  return c;
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

for (const kind of ['tcp', 'ws']) {
  test(`${kind}: messages both ways, answered by id and acknowledged`,
    async () => {
      const a = await login(kind, `a-${kind}`);
      const b = await login(kind, `b-${kind}`);
      const sent = await Promise.all(Array.from({ length: 100 },
        (_, i) => a.send(`b-${kind}`, 1, { type: 1, content: `m${i}` })));
      sent.forEach((x, i) => {
        assert.equal(x.reasonCode, 1);
        assert.equal(x.messageSeq, i + 1);
        assert.match(x.messageId, /^\d+$/);
        assert.deepEqual(x.header, { redDot: true });
      });
      await eventually(() => b.recvs.length === 100, '100 RECVs');
      b.recvs.forEach((m, i) => {
        assert.deepEqual(m.content, { type: 1, content: `m${i}` });
        assert.equal(m.messageId, sent[i].messageId);
        assert.equal(m.channelId, `a-${kind}`);
        assert.equal(m.fromUid, `a-${kind}`);
        assert.deepEqual(m.header, { redDot: true });
      });
      assert.equal((await b.send(`a-${kind}`, 1, 'back')).messageSeq, 101);
      await eventually(() => a.recvs.length === 1, 'the answer');
      await new Promise((done) => setTimeout(done, 2_500));
      assert.equal(b.recvs.length, 100); // none was pushed again
    });

  test(`${kind}: a RECV without RECVACK comes again`, async () => {
    const a = await login(kind, `c-${kind}`);
    const b = await login(kind, `d-${kind}`);
    b.acknowledges = false;
    await a.send(`d-${kind}`, 1, 'x');
    await eventually(() => b.recvs.length >= 2, 'the repetition');
    assert.equal(b.recvs[0].messageId, b.recvs[1].messageId);
  });

  test(`${kind}: a refused login is an error, then the end`, async () => {
    await node.addUsers(`e-${kind}`);
    const c = new JsonClient(url(kind), `e-${kind}`, 'wrong');
    clients.push(c);
    await assert.rejects(c.connect(),
      { code: 0, message: 'connect refused: reasonCode 2' });
    await c.gone();
  });

  test(`${kind}: a faulty object is answered and dropped`, async () => {
    const c = await login(kind, `f-${kind}`);
    await assert.rejects(c.request('dance', {}), { code: 0 });
    await assert.rejects(c.request('send',
      { channelId: 'x', channelType: 1, payload: { type: 1 } }), { code: 0 });
    c.link.write('{"id": 7, "method": "ping"}');
    c.link.write('{"a" "b"}');
    await eventually(() => c.errors.length === 4, 'four errors');
    assert.ok(c.errors.slice(2).every((x) => !('id' in x)));
    await c.ping();
    assert.equal((await c.send('x', 1, 'still here')).reasonCode, 1);
  });

  test(`${kind}: a kick is told, the request disconnect ends`, async () => {
    const c = await login(kind, `g-${kind}`);
    await node.must('/user/token', { uid: `g-${kind}`, token: 'other',
      device_flag: 1, device_level: 1 });
    await eventually(() => c.disconnected, 'the notification');
    assert.equal(c.disconnected.reasonCode, 12);
    await c.gone();
    const d = await login(kind, `h-${kind}`);
    d.request('disconnect', { reasonCode: 0, reason: 'bye' }).catch(() => {});
    await d.gone();
  });

  test(`${kind}: a refused message is a result`, async () => {
    const c = await login(kind, `i-${kind}`);
    const x = await c.send('no-such-group', 2, 'x');
    assert.notEqual(x.reasonCode, 1);
    assert.equal(x.messageSeq, 0);
  });
}

test('versions 1 to 5 and JSON-RPC side by side in one group', async () => {
  const uids = ['v1', 'v2', 'v3', 'v4', 'v5', 'j-tcp', 'j-ws'];
  await node.must('/channel', { channel_id: 'mixed', channel_type: 2,
    subscribers: uids });
  const texts = [await login('tcp', 'j-tcp'), await login('ws', 'j-ws')];
  const frames = [];
  for (const version of [1, 2, 3, 4, 5]) {
    const uid = `v${version}`;
    await node.must('/user/token', { uid, token: `${uid}-token`,
      device_flag: 0, device_level: 0 });
    const c = new Client(uid, `${uid}-token`, { version });
    clients.push(c);
    assert.equal((await c.login(node.tcp)).reason, 1);
    frames.push(c);
  }
  for (const c of frames)
    assert.equal((await c.send(`"${c.uid}"`, 'mixed', 2)).reason, 1);
  for (const c of texts)
    assert.equal((await c.send('mixed', 2, c.uid)).reasonCode, 1);
  for (const c of frames) {
    await eventually(() => c.recvs.length === 6, `RECVs of ${c.uid}`);
    assert.ok(c.recvs.every((m) => m.keyIsRight));
    assert.deepEqual(c.recvs.map((m) => JSON.parse(m.text)).sort(),
      uids.filter((x) => x !== c.uid).sort());
  }
  for (const c of texts) {
    await eventually(() => c.recvs.length === 6, `RECVs of ${c.uid}`);
    assert.deepEqual(c.recvs.map((m) => m.content).sort(),
      uids.filter((x) => x !== c.uid).sort());
  }
});

test('JSON-RPC can be switched off', async () => {
  const closed = await NodeProcess.start('--gateway.disable-json-rpc=true');
  try {
    const c = new JsonClient(`tcp://${closed.tcp}`, 'a', 'a-token');
    clients.push(c);
    await assert.rejects(c.connect(), /closed/);
  } finally {
    await closed.discard();
  }
});
