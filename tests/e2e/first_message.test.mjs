// Does what the banner says, as a new user would.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';

import { NodeProcess } from './support/node_process.mjs';

const run = promisify(execFile);

test('the commands of the banner send a first message', async () => {
  const node = await NodeProcess.start();
  try {
    const commands = node.output.split('\n')
      .filter((line) => /^ {2}(curl|\S*jindou-client) /.test(line));
    assert.equal(commands.length, 4);
    const script = `set -e\n${commands.slice(0, 3).join('\n')}\n`
      + `sleep 0.5\n${commands[3]}\nwait\n`;
    const { stdout } = await run('bash', ['-c', script], { timeout: 20_000 });
    assert.equal(stdout.match(/\{"status":200\}/g)?.length, 2, stdout);
    assert.match(stdout, /alice.*hello/);
    assert.match(stdout, /reason 1/);
  } finally {
    await node.discard();
  }
});
