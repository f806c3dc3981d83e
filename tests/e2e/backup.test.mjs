// A backup of a running node under load, and what is restored from it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync,
  writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { Client } from './support/client5.mjs';
import { NodeProcess, binFolder, eventually } from './support/node_process.mjs';

const pairs = 6;
let node;
let folder;

/** Runs the program to its end. */
function run(...args) {
  return new Promise((done) => {
    const child = spawn(join(binFolder, 'jindou-node'), args);
    let text = '';
    child.stdout.on('data', (x) => { text += x; });
    child.stderr.on('data', (x) => { text += x; });
    child.on('exit', (code) => done({ code, text }));
  });
}

const backup = (dir, ...more) => run(`--node.data-dir=${node.dataFolder}`,
  `--monitor.addr=${node.monitor}`, '--backup-to', dir, ...more);

const restore = (from, to) =>
  run('--restore-from', from, `--node.data-dir=${to}`);

/** Sends to one receiver, and notes what was acknowledged and how fast. */
class Sender {
  acked = [];
  slowest = 0;

  constructor(n) { this.names = [`from${n}`, `to${n}`]; }

  async start() {
    this.client = new Client(this.names[0], `${this.names[0]}-token`,
      { deviceFlag: 1 });
    assert.equal((await this.client.login(node.tcp)).reason, 1);
    this.on = true;
    this.done = this.run();
  }

  async run() {
    for (let n = 0; this.on; ++n) {
      const text = `${this.names[0]} says ${n} ${'.'.repeat(300)}`;
      const begin = Date.now();
      const ack = await this.client.send(text, this.names[1]);
      this.slowest = Math.max(this.slowest, Date.now() - begin);
      this.client.acks = [];
      assert.equal(ack.reason, 1);
      this.acked.push({ text, seq: ack.seq, id: String(ack.id) });
    }
  }

  async stop() {
    this.on = false;
    await this.done;
    this.client.close();
  }
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'jindou-backup-'));
  node = await NodeProcess.start();
  for (let n = 0; n < pairs; ++n)
    await node.addUsers(`from${n}`, `to${n}`);
});

after(async () => {
  await node.discard();
  rmSync(folder, { recursive: true });
});

test('a backup under load restores all that was acknowledged', async () => {
  const dir = join(folder, 'load');
  const senders = Array.from({ length: pairs }, (_, n) => new Sender(n));
  await Promise.all(senders.map((x) => x.start()));
  await eventually(() => senders.every((x) => x.acked.length > 150), 'load');
  const known = senders.map((x) => [...x.acked]);
  for (const x of senders)
    x.slowest = 0;
  const made = await backup(dir);
  const slowest = Math.max(...senders.map((x) => x.slowest));
  await Promise.all(senders.map((x) => x.stop()));
  assert.equal(made.code, 0, made.text);
  assert.match(made.text, /backup of \d+ bytes in .*load/);
  assert.ok(slowest < 1_000, `a send took ${slowest} ms`);

  const other = new NodeProcess();
  rmSync(other.dataFolder, { recursive: true });
  try {
    const done = await restore(dir, other.dataFolder);
    assert.equal(done.code, 0, done.text);
    await other.run();
    for (let n = 0; n < pairs; ++n) {
      const [from, to] = senders[n].names;
      const stored = await other.history(from, to, 1);
      stored.forEach((m, i) => {
        assert.equal(m.message_seq, i + 1);
        const sent = senders[n].acked[i]; // each was acknowledged in the end
        assert.equal(Buffer.from(m.payload, 'base64').toString(), sent.text);
        assert.equal(m.message_idstr, sent.id);
      });
      assert.ok(stored.length >= known[n].length,
        `${known[n].length - stored.length} acknowledged messages are missing`);
      const c = new Client(from, `${from}-token`, { deviceFlag: 1 });
      assert.equal((await c.login(other.tcp)).reason, 1);
      assert.equal((await c.send('goes on', to)).seq, stored.length + 1);
      c.close();
    }
  } finally {
    await other.discard();
  }
});

test('a backup says why it cannot be made', async () => {
  const taken = join(folder, 'taken');
  mkdirSync(taken);
  writeFileSync(join(taken, 'mine'), 'x');
  const full = await backup(taken);
  assert.equal(full.code, 1);
  assert.match(full.text, /taken is not empty/);
  assert.deepEqual(readdirSync(taken), ['mine']);

  const wrong = join(folder, 'token');
  writeFileSync(wrong, 'not the token\n');
  const refused = await backup(join(folder, 'x'),
    `--http.manager-token-file=${wrong}`);
  assert.equal(refused.code, 1);
  assert.match(refused.text, /does not accept this manager token/);
  const none = await backup(join(folder, 'x'),
    `--http.manager-token-file=${join(folder, 'no-such-file')}`);
  assert.equal(none.code, 1);
  assert.match(none.text, /manager token .*no-such-file: No such file/);

  const nobody = await run(`--node.data-dir=${node.dataFolder}`,
    '--monitor.addr=127.0.0.1:1', '--backup-to', join(folder, 'x'));
  assert.equal(nobody.code, 1);
  assert.match(nobody.text, /no node answers at 127\.0\.0\.1:1/);
  assert.ok(!existsSync(join(folder, 'x')));

  for (const args of [['--backup-to'], ['--backup-to='],
    ['--backup-to', 'a', '--restore-from', 'b']])
    assert.equal((await run(...args)).code, 2, args.join(' '));
});

test('a restore says why it cannot be done', async () => {
  const dir = join(folder, 'good');
  assert.equal((await backup(dir)).code, 0);
  const running = await restore(dir, node.dataFolder);
  assert.equal(running.code, 1);
  assert.match(running.text, /is not empty/);
  const half = join(folder, 'half');
  mkdirSync(half);
  writeFileSync(join(half, 'store.db'), 'x');
  const target = join(folder, 'target');
  const torn = await restore(half, target);
  assert.equal(torn.code, 74);
  assert.match(torn.text, /holds no whole backup/);
  assert.ok(!existsSync(target));
});
