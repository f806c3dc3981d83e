// SIGHUP: what a running node takes over from its file.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { NodeProcess, eventually } from './support/node_process.mjs';

test('SIGHUP takes over levels of the log, and says what needs a start', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'jindou-reload-'));
  const file = join(folder, 'node.conf');
  writeFileSync(file, '[auth]\ntoken-auth-on = false\n');
  const node = await NodeProcess.start(`--config-file=${file}`);
  const hangUp = async (wanted) => {
    const from = node.output.length;
    node.child.kill('SIGHUP');
    await eventually(() => wanted.test(node.output.slice(from)), `${wanted}`);
    return node.output.slice(from);
  };
  try {
    writeFileSync(file, '[auth]\ntoken-auth-on = false\n'
      + '[storage]\nreaders = 3\n[log.levels]\nnode = "debug"\n');
    const said = await hangUp(/node-reloaded/);
    assert.match(said, /option-changed\] .*log\.levels\.node = "debug"/);
    assert.match(said, /option-needs-restart\] .*storage\.readers = 2/);

    writeFileSync(file, '[auth]\ntoken-auth-on = false\n[rates]\nuser = 1\n');
    const wrong = await hangUp(/node-reload-failed/);
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
