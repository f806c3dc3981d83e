// Disks that fail, directories that cannot be used, stores that are damaged:
// each ends in a clear error, and nothing is served wrong.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync,
  writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { Client } from './support/client5.mjs';
import { NodeProcess, binFolder, eventually } from './support/node_process.mjs';

const preload = join(binFolder, '../tests/failing_disk.so');
const pageBytes = 8192;

async function login(node, uid) {
  const c = new Client(uid, '');
  assert.equal((await c.login(node.tcp)).reason, 1);
  return c;
}

const start = (...options) =>
  NodeProcess.start('--auth.token-auth-on=false', ...options);

/** Starts a node that must not come up; returns what it says. */
function refusedStart(folder, options = {}) {
  const begin = Date.now();
  const res = spawnSync(join(binFolder, 'jindou-node'), [
    `--node.data-dir=${folder}`, '--gateway.tcp-addr=127.0.0.1:0',
    '--gateway.ws-addr=127.0.0.1:0', '--http.addr=127.0.0.1:0',
    '--monitor.addr=127.0.0.1:0',
  ], { encoding: 'utf8', timeout: 20_000, ...options });
  assert.ok(Date.now() - begin < 10_000, 'it says so at once');
  return { code: res.status, text: res.stderr };
}

async function readiness(node) {
  const res = await fetch(`http://${node.monitor}/readyz`);
  return { ...await res.json(), status: res.status };
}

// -- calls that fail ------------------------------------------------------------

async function failsWith(kind) {
  const folder = mkdtempSync(join(tmpdir(), 'jindou-fault-'));
  const trigger = join(folder, 'fault');
  const node = new NodeProcess(['--auth.token-auth-on=false']);
  node.env = {
    LD_PRELOAD: preload, JINDOU_TEST_FAULT: trigger,
    JINDOU_TEST_FOLDER: node.dataFolder,
    ASAN_OPTIONS: `verify_asan_link_order=0:${process.env.ASAN_OPTIONS ?? ''}`,
  };
  try {
    await node.run();
    const c = await login(node, 'a');
    const acked = [];
    for (let n = 0; n < 20; ++n)
      acked.push((await c.send(`m${n}`, 'b')).seq);
    assert.deepEqual(acked, Array.from({ length: 20 }, (_, n) => n + 1));
    writeFileSync(trigger, kind);
    c.socket.write(c.sendFrame('lost', 'b'));
    const begin = Date.now();
    const end = await node.ended;
    assert.ok(Date.now() - begin < 2_000, 'it ends at once');
    assert.equal(end.code, 74, node.output);
    assert.match(node.output, /\[disk-failed\]/);
    assert.equal(c.acks.length, 20, 'nothing was acknowledged after it');

    const again = refusedStart(node.dataFolder, {
      env: { ...process.env, ...node.env } });
    assert.equal(again.code, 74, again.text);
    assert.match(again.text, /store\.db|checkpoint|data directory/);

    rmSync(trigger);
    await node.run();
    const stored = await node.history('a', 'b', 1);
    stored.slice(0, 20).forEach((m, n) => {
      assert.equal(m.message_seq, n + 1);
      assert.equal(Buffer.from(m.payload, 'base64').toString(), `m${n}`);
    });
    assert.ok(stored.length <= 21, 'the unknown one is there once or not');
  } finally {
    await node.discard();
    rmSync(folder, { recursive: true });
  }
}

test('a failed sync ends the process with 74 before anything is answered',
  () => failsWith('sync'));

test('a failed write ends the process with 74 before anything is answered',
  () => failsWith('write'));

// -- directories ------------------------------------------------------------------

test('a second process on a directory is refused by name', async () => {
  const node = await start();
  try {
    const second = refusedStart(node.dataFolder);
    assert.equal(second.code, 1);
    assert.match(second.text, /belongs to another process/);
    assert.ok(second.text.includes(node.dataFolder));
    assert.equal((await readiness(node)).status, 200);
  } finally {
    await node.discard();
  }
});

test('a directory that cannot be written is refused by name', async () => {
  const node = await start();
  try {
    await node.stop();
    chmodSync(node.dataFolder, 0o555);
    for (const name of ['LOCK', 'store.db'])
      chmodSync(join(node.dataFolder, name), 0o444);
    // Root may write everything, so another user has to try.
    const other = process.getuid() === 0 ? { uid: 65534, gid: 65534 } : {};
    const res = refusedStart(node.dataFolder, other);
    assert.equal(res.code, 1, res.text);
    assert.match(res.text, /readonly/);
    assert.match(res.text, /must be able to write/);
    assert.ok(res.text.includes(node.dataFolder));
  } finally {
    chmodSync(node.dataFolder, 0o755);
    await node.discard();
  }
});

// -- damage -----------------------------------------------------------------------

/** Changes the bytes of a store that nobody has open. */
class StoreFile {
  constructor(folder) {
    this.path = join(folder, 'store.db');
    this.bytes = readFileSync(this.path);
  }

  /** Every place where `needle` stands. */
  find(needle) {
    const res = [];
    for (let at = this.bytes.indexOf(needle); at >= 0;
      at = this.bytes.indexOf(needle, at + 1))
      res.push(at);
    assert.ok(res.length > 0, 'the bytes are there');
    return res;
  }

  write(at, bytes) {
    Buffer.from(bytes).copy(this.bytes, at);
    writeFileSync(this.path, this.bytes);
  }

  flip(at) { this.write(at, [this.bytes[at] ^ 0x20]); }
}

/** A stopped node with messages in two channels of different groups. */
async function withStore(body) {
  const node = await start('--storage.cut-age=50ms',
    '--storage.fold-age=100ms');
  try {
    const c = await login(node, 'a');
    for (const to of ['b', 'c', 'd', 'e'])
      for (let n = 0; n < 3; ++n)
        assert.equal((await c.send(`needle-${to}-${n}`, to)).reason, 1);
    c.close();
    await node.stop();
    await body(node, new StoreFile(node.dataFolder));
  } finally {
    await node.discard();
  }
}

test('a store of a newer version is refused', () => withStore((node, file) => {
  file.write(60, [0, 0, 0, 99]); // user_version
  const res = refusedStart(node.dataFolder);
  assert.equal(res.code, 1);
  assert.match(res.text, /newer.*schema 99/);
  assert.match(res.text, /start the version that wrote it/);
}));

test('a store of another program is refused', () => withStore((node, file) => {
  file.write(68, [1, 2, 3, 4]); // application_id
  const res = refusedStart(node.dataFolder);
  assert.equal(res.code, 1);
  assert.match(res.text, /foreign/);
}));

test('a damaged header page is refused', () => withStore((node, file) => {
  file.write(0, 'SQLite formaX');
  const res = refusedStart(node.dataFolder);
  assert.equal(res.code, 74);
  assert.match(res.text, /store\.db: corrupt/);
  assert.match(res.text, /restore a backup/);
}));

/** Payload of `text` as history gives it, or the refusal. */
async function read(node, to) {
  const res = await node.post('/channel/messagesync', {
    login_uid: 'a', channel_id: to, channel_type: 1, start_message_seq: 0,
    end_message_seq: 0, limit: 10, pull_mode: 0,
  });
  return res.status === 200
    ? res.body.messages.map((m) => Buffer.from(m.payload, 'base64').toString())
    : res.status;
}

/** The others are served; the channel of the damaged group is not. */
async function expectOnlyBroken(node, to) {
  assert.notEqual(typeof await read(node, to), 'object');
  const c = await login(node, 'a');
  assert.equal((await c.send('more', to)).reason, 15);
  let served = 0;
  for (const other of ['b', 'c', 'd', 'e'].filter((x) => x !== to)) {
    const texts = await read(node, other);
    if (!Array.isArray(texts))
      continue; // of the same group
    ++served;
    assert.deepEqual(texts.slice(0, 3),
      [0, 1, 2].map((n) => `needle-${other}-${n}`));
    assert.equal((await c.send('more', other)).reason, 1);
  }
  assert.ok(served > 0);
  c.close();
  const ready = await readiness(node);
  assert.equal(ready.status, 503);
  assert.match(ready.reason, /^damaged-groups \d+$/);
  const text = await (await fetch(`http://${node.monitor}/metrics`)).text();
  assert.match(text, /^jindou_groups_damaged 1$/m);
}

test('a damaged message costs its group, now and after a start', () =>
  withStore(async (node, file) => {
    file.find(Buffer.from('needle-c-1')).forEach((at) => file.flip(at));
    await node.run();
    const texts = await read(node, 'c'); // finds it
    assert.ok(!Array.isArray(texts), `served ${texts}`);
    await eventually(async () => (await readiness(node)).status === 503,
      'the damage in /readyz');
    await expectOnlyBroken(node, 'c');
    assert.match(node.output, /\[replica-damaged\] group \d+/);
    await node.kill();
    node.readyStatus = 503;
    const begin = Date.now();
    await node.run();
    assert.ok(Date.now() - begin < 5_000, 'a start does not wait for it');
    await expectOnlyBroken(node, 'c');
    assert.match(node.output, /\[replica-quarantined\] group \d+/);
  }));

test('a damaged row of a replica costs its group alone', () =>
  withStore(async (node, file) => {
    // Members as a blob: version 1, at 1, one of them, id 4, node 1.
    const members = Buffer.from(
      '01' + '0100000000000000' + '0100' + '0400000000000000' + '01000000',
      'hex');
    file.find(members).forEach((at) => file.write(at, [77]));
    node.readyStatus = 503;
    await node.run();
    assert.match(node.output, /group 3 takes no part: .*damaged/);
    assert.equal((await readiness(node)).reason, 'damaged-groups 3');
    const c = await login(node, 'a');
    const reasons = [];
    for (const to of ['b', 'c', 'd', 'e'])
      reasons.push((await c.send('more', to)).reason);
    assert.ok(reasons.includes(1));
    assert.ok(reasons.every((x) => x === 1 || x === 15));
    c.close();
  }));

test('a damaged page ends the process when it is read', () =>
  withStore(async (node, file) => {
    const at = file.find(Buffer.from('needle-c-1'))[0];
    file.write(at - at % pageBytes, [0xee]); // what kind of page it is
    const run = node.run().then(() => read(node, 'c')).catch(() => undefined);
    await run;
    await node.ended;
    assert.equal(node.exit.code, 74, node.output);
    assert.match(node.output, /malformed|corrupt/);
  }));
