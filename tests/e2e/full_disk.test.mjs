// A disk that fills up under a running node, and has room again.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, statfsSync,
  writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { Client } from './support/client5.mjs';
import { NodeProcess, eventually } from './support/node_process.mjs';

const mib = 1 << 20;
const reserve = 8 * mib;

/**
 * A file system of 96 MiB where one may be mounted. Elsewhere the disk of the
 * temporary folder, of which a node is told to leave free all but a little;
 * writes that fail for want of room are then left to store_full_test, which
 * has a disk of its own in its VFS.
 */
class SmallDisk {
  constructor(t) {
    this.path = mkdtempSync(join(tmpdir(), 'jindou-full-'));
    const done = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=96m', 'tmpfs',
      this.path]);
    this.mounted = done.status === 0;
    if (!this.mounted)
      t.diagnostic('no right to mount a file system: a bound stands in for it');
    this.bytesMin = this.mounted ? 24 * mib : this.free() - 64 * mib;
  }

  free() {
    const x = statfsSync(this.path);
    return x.bavail * x.bsize;
  }

  get ballast() { return join(this.path, 'ballast'); }

  /** Another file takes all that is free, or what passes the bound. */
  fill() {
    const chunk = Buffer.alloc(mib);
    const fd = openSync(this.ballast, 'a');
    try {
      for (let n = 0; this.mounted || n < 128; ++n)
        writeSync(fd, chunk);
    } catch (e) {
      assert.equal(e.code, 'ENOSPC');
    } finally {
      closeSync(fd);
    }
  }

  empty() { rmSync(this.ballast, { force: true }); }

  remove() {
    if (this.mounted)
      assert.equal(spawnSync('umount', [this.path]).status, 0);
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Sends one message after the other until told to stop. */
class Sender {
  acked = [];
  refused = new Map();

  constructor(client, to) { Object.assign(this, { client, to }); }

  start() {
    this.on = true;
    this.done = this.run();
  }

  async run() {
    for (let n = 0; this.on; ++n) {
      const text = `${n}-${'x'.repeat(500)}`;
      const c = this.client;
      c.socket.write(c.sendFrame(text, this.to));
      const ack = await eventually(() => c.acks[0] ?? (c.closed && {}),
        `SENDACK of ${text}`, 20_000);
      c.acks = [];
      if (c.closed)
        return;
      if (ack.reason === 1)
        this.acked.push({ text, seq: ack.seq });
      else
        this.refused.set(ack.reason, (this.refused.get(ack.reason) ?? 0) + 1);
    }
  }

  async stop() {
    this.on = false;
    await this.done;
  }
}

async function metric(node, name) {
  const text = await (await fetch(`http://${node.monitor}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)[1]);
}

async function readiness(node) {
  const res = await fetch(`http://${node.monitor}/readyz`);
  return { ...await res.json(), status: res.status };
}

async function login(node, uid) {
  const c = new Client(uid, `${uid}-token`, { deviceFlag: 1 });
  assert.equal((await c.login(node.tcp)).reason, 1);
  return c;
}

async function expectAllOf(node, sender) {
  const stored = await node.history('ann', 'ben', 1);
  stored.forEach((m, n) => assert.equal(m.message_seq, n + 1));
  for (const x of sender.acked)
    assert.equal(Buffer.from(stored[x.seq - 1].payload, 'base64').toString(),
      x.text);
}

async function withDisk(t, options, body) {
  const disk = new SmallDisk(t);
  const node = new NodeProcess([`--storage.reserve-bytes=${reserve}`,
    ...options(disk)]);
  rmSync(node.dataFolder, { recursive: true });
  node.dataFolder = join(disk.path, 'node');
  try {
    await node.run();
    await node.addUsers('ann', 'ben');
    await body(node, disk);
  } finally {
    disk.empty();
    await node.discard();
    disk.remove();
  }
}

test('a full disk refuses sends and nothing else, and mends itself', async (t) => {
  const bound = (disk) => [`--storage.free-bytes-min=${disk.bytesMin}`];
  await withDisk(t, bound, async (node, disk) => {
    const sender = new Sender(await login(node, 'ann'), 'ben');
    sender.start();
    await eventually(() => sender.acked.length > 50, 'first sends');
    disk.fill();
    await eventually(() => sender.refused.get(15) > 5, 'refusals');
    assert.deepEqual([...sender.refused.keys()], [15]);
    await expectAllOf(node, sender);
    (await login(node, 'ben')).close();
    assert.equal((await readiness(node)).reason, 'disk-full');
    const health = await fetch(`http://${node.http}/health`);
    assert.equal(health.status, 200); // it serves what it can
    assert.equal(await metric(node, 'jindou_store_full'), 1);
    await sender.stop();
    sender.client.close();

    // A stop and a start find the disk as full.
    await node.stop();
    node.readyStatus = 503;
    await node.run();
    await expectAllOf(node, sender);
    sender.client = await login(node, 'ann');
    sender.refused.clear();
    sender.start();
    await eventually(() => sender.refused.get(15) > 5, 'refusals');

    const before = sender.acked.length;
    disk.empty();
    const begin = Date.now();
    await eventually(() => sender.acked.length > before, 'sends again');
    assert.ok(Date.now() - begin < 5_000);
    await sender.stop();
    sender.client.close();
    assert.deepEqual([...sender.refused.keys()], [15]);
    await expectAllOf(node, sender);
    assert.equal((await readiness(node)).status, 200);
    assert.equal(statSync(join(node.dataFolder, 'reserve')).size, reserve);
  });
});

test('a write without room uses the reserve, and loses nothing', async (t) => {
  const none = () => ['--storage.free-bytes-min=0'];
  await withDisk(t, none, async (node, disk) => {
    const sender = new Sender(await login(node, 'ann'), 'ben');
    sender.start();
    await eventually(() => sender.acked.length > 50, 'first sends');
    disk.fill();
    if (disk.mounted) {
      await eventually(() => sender.refused.get(15) > 5, 'refusals', 20_000);
      assert.ok(statSync(join(node.dataFolder, 'reserve')).size < reserve);
      (await login(node, 'ben')).close();
    }
    await expectAllOf(node, sender);
    sender.on = false; // what waits for room is answered by the kill
    node.readyStatus = undefined;
    await node.kill();
    await sender.done;
    await node.run();
    await expectAllOf(node, sender);
    disk.empty();
    sender.client = await login(node, 'ann');
    const before = sender.acked.length;
    sender.start();
    await eventually(() => sender.acked.length > before + 5, 'sends again');
    await sender.stop();
    sender.client.close();
    await expectAllOf(node, sender);
  });
});
