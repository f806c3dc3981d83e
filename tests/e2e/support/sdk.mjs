// Drives the npm package wukongimjssdk from Node: one instance per user.
import { build } from 'esbuild';
import { mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import WebSocket from 'ws';

import { eventually } from './node_process.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
globalThis.WebSocket = WebSocket;
console.log = () => {}; // the SDK writes much
console.debug = () => {};

let bundle;
async function bundled() {
  if (!bundle) {
    bundle = join(mkdtempSync(join(tmpdir(), 'jindou-sdk-')), 'sdk.cjs');
    await build({
      entryPoints: [join(here, 'sdk_entry.js')],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      outfile: bundle,
      logLevel: 'error',
    });
  }
  return bundle;
}

export class SdkUser {
  /** Loads the SDK anew: it is a singleton per loaded bundle. */
  static async load(node, uid, token = `${uid}-token`) {
    const path = await bundled();
    delete require.cache[require.resolve(path)];
    const user = new SdkUser();
    user.lib = require(path);
    user.uid = uid;
    user.sdk = user.lib.WKSDK.shared();
    user.sdk.config.addr = `ws://${node.ws}`;
    user.sdk.config.uid = uid;
    user.sdk.config.token = token;
    user.sdk.config.deviceFlag = 1;
    user.statuses = [];
    user.acks = [];
    user.received = [];
    user.sdk.connectManager.addConnectStatusListener((status, reason) =>
      user.statuses.push({ status, reason }));
    user.sdk.chatManager.addMessageStatusListener((ack) => user.acks.push({
      clientSeq: ack.clientSeq, reason: ack.reasonCode, seq: ack.messageSeq,
      id: ack.messageID.toFixed ? ack.messageID.toFixed() : String(ack.messageID),
    }));
    user.sdk.chatManager.addMessageListener((m) => {
      if (!m.clientSeq) // what this instance sent is shown, too
        user.received.push(m);
    });
    return user;
  }

  /** Loads, connects, and waits for the status `Connected`. */
  static async connect(node, uid, token) {
    const user = await SdkUser.load(node, uid, token);
    user.sdk.connect();
    await eventually(() => user.last?.status === 1, `${uid} connected`);
    return user;
  }

  get last() {
    return this.statuses[this.statuses.length - 1];
  }

  send(text, channelId, channelType = 1) {
    return this.sdk.chatManager.send(new this.lib.MessageText(text),
      new this.lib.Channel(channelId, channelType));
  }

  /** Sends and waits for the answer. */
  async sendAndWait(text, channelId, channelType = 1) {
    const before = this.acks.length;
    await this.send(text, channelId, channelType);
    await eventually(() => this.acks.length > before, 'the SENDACK');
    return this.acks[this.acks.length - 1];
  }

  texts() {
    return this.received.map((m) => m.content.text);
  }

  close() {
    this.sdk.disconnect();
    // The SDK leaves timers behind that would keep the process alive.
    setTimeout(() => process.exit(), 1_000).unref();
  }
}
