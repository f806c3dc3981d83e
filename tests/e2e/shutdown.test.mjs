// What was acknowledged survives an ordered stop and a kill.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { Client } from './support/client5.mjs';
import { NodeProcess, binFolder, eventually } from './support/node_process.mjs';

const pairs = 8;

/** Sends as fast as the answers come until the node goes away. */
async function load(node, i, ledger) {
  const c = new Client(`s${i}`, '');
  await c.login(node.tcp);
  for (let n = 0; !c.closed; ++n) {
    const text = `${i}-${n}`;
    const bytes = c.sendFrame(text, `r${i}`);
    const seq = c.lastSeq;
    c.socket.write(bytes);
    while (!c.closed && !c.acks.some((x) => x.clientSeq === seq))
      await new Promise((done) => setImmediate(done));
    const ack = c.acks.find((x) => x.clientSeq === seq);
    c.acks = [];
    if (ack?.reason === 1)
      ledger[i].push({ text, seq: ack.seq, id: String(ack.id) });
  }
}

async function loseNothing(end, change = () => {}) {
  const node = new NodeProcess(['--auth.token-auth-on=false']);
  change(node);
  await node.run();
  const ledger = Array.from({ length: pairs }, () => []);
  try {
    const all = ledger.map((_, i) => load(node, i, ledger));
    await new Promise((done) => setTimeout(done, 700));
    const begin = Date.now();
    await end(node);
    const took = Date.now() - begin;
    await Promise.all(all);
    await node.run();
    let total = 0;
    for (let i = 0; i < pairs; ++i) {
      const stored = await node.history(`s${i}`, `r${i}`, 1);
      stored.forEach((m, n) => assert.equal(m.message_seq, n + 1));
      for (const x of ledger[i]) {
        const m = stored[x.seq - 1];
        assert.ok(m, `seq ${x.seq} of channel ${i} is gone`);
        assert.equal(Buffer.from(m.payload, 'base64').toString(), x.text);
        assert.equal(m.message_idstr, x.id);
      }
      total += ledger[i].length;
    }
    assert.ok(total > 20, `only ${total} messages were acknowledged`);
    return took;
  } finally {
    await node.discard();
  }
}

test('SIGTERM under load ends with 0 in time and loses nothing', async () => {
  const took = await loseNothing((node) => node.stop());
  assert.ok(took < 10_000, `took ${took} ms`);
});

/** Stops a node whose disk is slow; `during(node, slow)` may remove `slow`. */
async function stopSlowly(during) {
  const folder = mkdtempSync(join(tmpdir(), 'jindou-slow-'));
  const slow = join(folder, 'fault');
  const change = (node) => {
    node.env = {
      LD_PRELOAD: join(binFolder, '../tests/failing_disk.so'),
      JINDOU_TEST_FAULT: slow, JINDOU_TEST_FOLDER: node.dataFolder,
      ASAN_OPTIONS:
        `verify_asan_link_order=0:${process.env.ASAN_OPTIONS ?? ''}`,
    };
  };
  const took = await loseNothing(async (node) => {
    writeFileSync(slow, 'slow');
    node.child.kill('SIGTERM');
    await eventually(() => node.output.includes('[node-stopping]'), 'the stop');
    await during(node, slow);
  }, change);
  rmSync(folder, { recursive: true });
  return took;
}

test('a second SIGTERM ends a slow stop at once and loses nothing', async () => {
  const took = await stopSlowly(async (node, slow) => {
    const begin = Date.now();
    node.child.kill('SIGTERM');
    const end = await node.ended;
    assert.equal(end.code, 128 + 15);
    assert.ok(Date.now() - begin < 1_000, 'at once');
    rmSync(slow);
  });
  assert.ok(took < 2_000, `took ${took} ms`);
});

test('a stop goes on after it was held and continued', async () => {
  await stopSlowly(async (node, slow) => {
    node.child.kill('SIGSTOP'); // which SIGCONT would take back if it waited
    await eventually(() => /^State:\s+T/m.test(
      readFileSync(`/proc/${node.child.pid}/status`, 'utf8')), 'the hold');
    node.child.kill('SIGCONT');
    rmSync(slow);
    const end = await node.ended;
    assert.equal(end.code, 0);
  });
});

test('SIGKILL under load loses nothing', async () => {
  await loseNothing((node) => node.kill());
});
