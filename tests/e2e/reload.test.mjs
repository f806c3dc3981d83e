// SIGHUP: what a running node takes over from its file.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { Client } from './support/client5.mjs';
import { NodeProcess, eventually } from './support/node_process.mjs';

/** Has the node read its file with this text. Returns what it says of it. */
async function hangUp(node, file, text, wanted = /node-reloaded/) {
  const from = node.output.length;
  writeFileSync(file, text);
  node.child.kill('SIGHUP');
  await eventually(() => wanted.test(node.output.slice(from)), `${wanted}`);
  return node.output.slice(from);
}

test('SIGHUP takes over levels of the log, and says what needs a start', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'jindou-reload-'));
  const file = join(folder, 'node.conf');
  writeFileSync(file, '[auth]\ntoken-auth-on = false\n');
  const node = await NodeProcess.start(`--config-file=${file}`);
  try {
    const said = await hangUp(node, file, '[auth]\ntoken-auth-on = false\n'
      + '[storage]\nreaders = 3\n[log.levels]\nnode = "debug"\n');
    assert.match(said, /option-changed\] .*log\.levels\.node = "debug"/);
    assert.match(said, /option-needs-restart\] .*storage\.readers = 2/);

    const wrong = await hangUp(node, file,
      '[auth]\ntoken-auth-on = false\n[rates]\nuser = 1\n', /node-reload-failed/);
    assert.match(wrong, /node\.conf:4.*rates\.user/);

    writeFileSync(file, '[auth]\ntoken-auth-on = false\n'
      + '[log.levels]\nnode = "error"\n');
    node.child.kill('SIGHUP');
    const quiet = node.output.length;
    await node.stop();
    assert.ok(!node.output.slice(quiet).includes('[node-stopping]'));
  } finally {
    await node.discard();
    rmSync(folder, { recursive: true });
  }
});

test('SIGHUP takes over rates and limits; who is there stays', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'jindou-reload-'));
  const file = join(folder, 'node.conf');
  const fixed = '[auth]\ntoken-auth-on = false\n';
  writeFileSync(file, fixed);
  const node = await NodeProcess.start(`--config-file=${file}`);
  const clients = [];
  const login = async (uid) => {
    const c = new Client(uid, '');
    clients.push(c);
    await c.open(node.tcp);
    c.socket.write(c.connectFrame());
    await eventually(() => c.connack || c.closed, `${uid} is in or out`);
    return c;
  };
  const takeOver = async (text) =>
    assert.doesNotMatch(await hangUp(node, file, fixed + text), /needs-restart/);
  const reasons = async (c, count) => {
    const from = c.acks.length;
    const frames = [];
    for (let i = 0; i < count; ++i)
      frames.push(c.sendFrame(`text ${i}`, 'b'));
    c.socket.write(Buffer.concat(frames));
    await eventually(() => c.acks.length === from + count, 'all answered');
    return c.acks.slice(from).map((x) => x.reason);
  };
  try {
    const a = await login('a');
    assert.ok((await reasons(a, 20)).every((x) => x === 1), 'no limit yet');
    for (const kind of ['user', 'ip', 'channel']) {
      await takeOver(`[rates]\n${kind}-per-second = 1\n`);
      const found = [...await reasons(a, 20), ...await reasons(a, 20)];
      assert.ok(found.includes(1) && found.includes(22), `${kind}: ${found}`);
    }
    await takeOver('[gateway]\nconnections-max = 1\n');
    assert.ok((await reasons(a, 20)).every((x) => x === 1), 'no limit again');
    assert.ok((await login('b')).closed, 'there is no place for another one');
    await takeOver('');
    assert.ok((await login('b')).connack, 'now there is');
    assert.ok(!a.closed);
  } finally {
    for (const c of clients)
      c.close();
    await node.discard();
    rmSync(folder, { recursive: true });
  }
});
