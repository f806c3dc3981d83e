// The number of groups is the store's, whatever the option says later.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Client } from './support/client5.mjs';
import { NodeProcess } from './support/node_process.mjs';

const people = Array.from({ length: 20 }, (_, i) => `p${i}`);

async function sendAll(node, text) {
  const c = new Client('sender', '');
  await c.login(node.tcp);
  const seqs = [];
  for (const to of people)
    seqs.push((await c.send(text, to)).seq);
  c.close();
  return seqs;
}

test('a store keeps its groups when the option changes', async () => {
  const node = new NodeProcess(['--auth.token-auth-on=false']);
  try {
    await node.run();
    assert.ok((await sendAll(node, 'one')).every((seq) => seq === 1));
    let wanted = 2;
    for (const groups of [7, 200]) {
      await node.stop();
      node.options = ['--auth.token-auth-on=false',
        `--cluster.groups=${groups}`];
      await node.run();
      assert.match(node.output, /\[groups-kept\]/);
      assert.ok((await sendAll(node, 'more')).every((seq) => seq === wanted));
      ++wanted;
      for (const to of people) {
        const all = await node.history('sender', to, 1);
        assert.equal(all.length, wanted - 1, to);
      }
    }
  } finally {
    await node.discard();
  }
});
