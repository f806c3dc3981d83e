// The HTTP API as a back end uses it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Client } from './support/client5.mjs';
import { NodeProcess, eventually } from './support/node_process.mjs';

let node;
const clients = [];
const base64 = (text) => Buffer.from(text).toString('base64');

async function login(uid) {
  await node.must('/user/token', { uid, token: `${uid}-token` });
  const c = new Client(uid, `${uid}-token`);
  clients.push(c);
  assert.equal((await c.login(node.tcp)).reason, 1);
  return c;
}

const send = (changes) => node.post('/message/send', {
  from_uid: 'sys', channel_id: 'g', channel_type: 2, payload: base64('hi'),
  ...changes,
});

before(async () => {
  node = await NodeProcess.start();
});

after(async () => {
  for (const c of clients)
    c.close();
  await node.discard();
});

test('no token, no answer but 401', async () => {
  const res = await fetch(`http://${node.http}/user/token`,
    { method: 'POST', body: '{"uid":"x","token":"y"}' });
  assert.equal(res.status, 401);
  assert.equal(await res.text(), '');
});

test('health, readiness, metrics and route are open', async () => {
  assert.deepEqual(await (await fetch(`http://${node.http}/health`)).json(),
    { status: 'ok' });
  for (const path of ['healthz', 'readyz', 'metrics'])
    assert.equal((await fetch(`http://${node.monitor}/${path}`)).status, 200);
  const text = await (await fetch(`http://${node.monitor}/metrics`)).text();
  assert.match(text, /^jindou_logins_total \d+$/m);
  assert.match(text, /jindou_handler_duration_seconds_bucket\{.*Distribute/);
  for (const known of ['conn', 'online_user', 'online_device']) // v2's panels
    assert.match(text, new RegExp(`^app_${known}_count \\d+$`, 'm'));
  const route = await (await fetch(`http://${node.http}/route?uid=x`)).json();
  assert.equal(route.tcp_addr, node.tcp);
  assert.equal(route.ws_addr, `ws://${node.ws}`);
});

test('bad requests are 400 with a message and the status', async () => {
  const bodies = [
    ['/user/token', '{'], ['/user/token', '[]'],
    ['/user/token', '{"uid":"","token":"t"}'],
    ['/user/token', '{"uid":"a@b","token":"t"}'],
    ['/user/token', '{"uid":"a","token":""}'],
    ['/user/token', '{"uid":7,"token":"t"}'],
    ['/channel', '{"channel_id":" ","channel_type":2}'],
    ['/channel', '{"channel_id":"g","channel_type":0}'],
    ['/channel', '{"channel_id":"g","channel_type":1,"subscribers":["x"]}'],
    ['/channel/delete', '{"channel_id":"g","channel_type":1}'],
    ['/channel/subscriber_add', '{"channel_id":"g","subscribers":[]}'],
    ['/message/send', '{"channel_id":"g","channel_type":2,"payload":""}'],
    ['/message/send', '{"channel_id":"g#","channel_type":2,"payload":"eA=="}'],
    ['/channel/messagesync', '{"channel_id":"g","channel_type":2}'],
  ];
  for (const [path, body] of bodies) {
    const res = await fetch(`http://${node.http}${path}`,
      { method: 'POST', body, headers: { token: node.token } });
    const answer = await res.json();
    assert.equal(res.status, 400, `${path} ${body}`);
    assert.equal(answer.status, 400);
    assert.ok(answer.msg);
  }
  assert.equal((await node.post('/nowhere', {})).status, 404);
});

test('a message over HTTP is stored and pushed', async () => {
  const a = await login('h1');
  await node.must('/channel',
    { channel_id: 'g', channel_type: 2, subscribers: ['h1'] });
  const res = await send({ client_msg_no: 'n1' });
  assert.equal(res.body.status, 200);
  assert.equal(res.body.data.client_msg_no, 'n1');
  await eventually(() => a.recvs.length === 1, 'the RECV');
  assert.equal(a.recvs[0].text, 'hi');
  const [m] = await node.history('h1', 'g', 2);
  assert.equal(m.message_idstr, String(a.recvs[0].id));
  assert.equal(m.from_uid, 'sys');
  assert.equal(m.payload, base64('hi'));
  assert.deepEqual(m.header, { no_persist: 0, red_dot: 0, sync_once: 0 });
});

test('commands go to a channel of their own', async () => {
  const a = await login('h2');
  await node.must('/channel',
    { channel_id: 'g2', channel_type: 2, subscribers: ['h2'] });
  await send({ channel_id: 'g2', header: { sync_once: 1 } });
  await eventually(() => a.recvs.length === 1, 'the command');
  assert.equal(a.recvs[0].channelId, 'g2');
  assert.deepEqual(await node.history('h2', 'g2', 2), []);
  assert.equal((await node.history('h2', 'g2____cmd', 2)).length, 1);
});

test('sendbatch writes to every person of the list', async () => {
  const [a, b] = [await login('h3'), await login('h4')];
  const res = await node.post('/message/sendbatch',
    { from_uid: 'h9', subscribers: ['h3', 'h4', 'bad@'], payload: base64('x') });
  assert.deepEqual(res.body.fail_uids, ['bad@']);
  await eventually(() => a.recvs.length === 1 && b.recvs.length === 1, 'both');
  assert.equal(a.recvs[0].fromUid, 'h9');
});

test('subscribers come, go and are reset', async () => {
  const channel = { channel_id: 'g5', channel_type: 2 };
  const members = async (probe) => (await probe.send('x', 'g5', 2)).reason;
  const [a, b] = [await login('h5'), await login('h6')];
  await node.must('/channel/subscriber_add', { ...channel, subscribers: ['h5'] });
  assert.equal(await members(a), 1);
  await node.must('/channel/subscriber_add',
    { ...channel, reset: 1, subscribers: ['h6'] });
  assert.equal(await members(a), 3);
  assert.equal(await members(b), 1);
  await node.must('/channel/subscriber_remove',
    { ...channel, subscribers: ['h6'] });
  assert.equal(await members(b), 3);
});

test('messagesync answers every range as v2 does', async () => {
  await node.must('/channel',
    { channel_id: 'g7', channel_type: 2, subscribers: ['h7'] });
  for (let i = 1; i <= 10; ++i)
    await send({ channel_id: 'g7', payload: base64(String(i)) });
  const seqs = async (start, end, mode, limit) => {
    const res = await node.must('/channel/messagesync', {
      login_uid: 'h7', channel_id: 'g7', channel_type: 2,
      start_message_seq: start, end_message_seq: end, pull_mode: mode, limit,
    });
    return [res.messages.map((m) => m.message_seq), res.more];
  };
  assert.deepEqual(await seqs(0, 0, 0, 3), [[8, 9, 10], 1]);
  assert.deepEqual(await seqs(0, 0, 1, 3), [[8, 9, 10], 1]);
  assert.deepEqual(await seqs(5, 0, 0, 3), [[3, 4, 5], 1]);
  assert.deepEqual(await seqs(2, 0, 0, 5), [[1, 2], 0]);
  assert.deepEqual(await seqs(8, 4, 0, 10), [[5, 6, 7, 8], 0]);
  assert.deepEqual(await seqs(4, 8, 0, 10), [[], 0]);
  assert.deepEqual(await seqs(7, 0, 1, 2), [[7, 8], 1]);
  assert.deepEqual(await seqs(7, 9, 1, 10), [[7, 8], 0]);
  const empty = (channel_id) => node.must('/channel/messagesync', {
    login_uid: 'h7', channel_id, channel_type: 2, limit: 10,
    start_message_seq: 4, end_message_seq: 8,
  });
  assert.deepEqual(await empty('g7'), { start_message_seq: 4,
    end_message_seq: 8, more: 0, messages: [] });
  assert.deepEqual(await empty('never'), { start_message_seq: 0,
    end_message_seq: 0, more: 0, messages: [] });
});

test('a master device ends the older session with a reason', async () => {
  const uid = 'h8';
  await node.must('/user/token', { uid, token: 't', device_level: 1 });
  const first = new Client(uid, 't');
  clients.push(first);
  await first.login(node.tcp);
  await node.must('/user/token', { uid, token: 't2', device_level: 1 });
  await eventually(() => first.disconnect, 'DISCONNECT');
  assert.equal(first.disconnect.reason, 12);
  const banned = { channel_id: uid, channel_type: 1, ban: 1 };
  await node.must('/channel/info', banned);
  assert.deepEqual((await node.post('/user/token', { uid, token: 't3' })).body,
    { status: 19 });
});
