// The demo page in a real browser: two tabs talk to each other.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';

import { NodeProcess, binFolder } from './support/node_process.mjs';

let node;
let browser;

before(async () => {
  assert.ok(existsSync(join(binFolder, '../share/demo/app.js')),
    'run scripts/build-demo.sh first');
  node = await NodeProcess.start('--demo.on=true');
  await node.addUsers('alice', 'bob');
  browser = await chromium.launch({
    executablePath: process.env.JINDOU_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic',
      '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });
});

after(async () => {
  await browser?.close();
  await node.discard();
});

async function tab(uid, peer) {
  const page = await browser.newPage();
  await page.goto(`http://${node.http}/demo/`);
  await page.fill('#uid', uid);
  await page.fill('#token', `${uid}-token`);
  await page.fill('#peer', peer);
  await page.click('#connect');
  await page.waitForSelector('#send:not([disabled])', { timeout: 15_000 });
  return page;
}

async function say(page, text) {
  await page.fill('#text', text);
  await page.click('#send');
}

test('two tabs talk to each other', async () => {
  const alice = await tab('alice', 'bob');
  const bob = await tab('bob', 'alice');
  await say(alice, 'hello bob');
  await bob.waitForSelector('#messages >> text=hello bob');
  await say(bob, 'hello alice');
  await alice.waitForSelector('#messages >> text=hello alice');
  if (process.env.JINDOU_SCREENSHOT)
    await alice.screenshot({ path: process.env.JINDOU_SCREENSHOT });
  const stored = await node.history('alice', 'bob', 1);
  assert.deepEqual(stored.map((m) => m.from_uid), ['alice', 'bob']);
});

test('a text is shown, never run', async () => {
  const page = await tab('alice', 'bob');
  await say(page, '<img src=x onerror="window.run=1">');
  await page.waitForSelector('#messages >> text=onerror');
  assert.equal(await page.evaluate(() => window.run), undefined);
});

test('there is no demo page unless it is switched on', async () => {
  const plain = await NodeProcess.start();
  try {
    const res = await fetch(`http://${plain.http}/demo/`);
    assert.notEqual(res.status, 200);
  } finally {
    await plain.discard();
  }
});
