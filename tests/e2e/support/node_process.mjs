// Starts real jindou-node processes on free ports and temporary data.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
export const binFolder = resolve(process.env.JINDOU_BIN_DIR
  ?? join(here, '../../../build/bin'));

/** Waits until `probe` gives something, at most `ms`. */
export async function eventually(probe, what, ms = 10_000) {
  const end = Date.now() + ms;
  for (;;) {
    const res = await probe();
    if (res)
      return res;
    if (Date.now() > end)
      throw new Error(`timed out waiting for ${what}`);
    await new Promise((done) => setTimeout(done, 10));
  }
}

export class NodeProcess {
  constructor(options = []) {
    this.options = options;
    this.env = {};
    /** What /readyz answers after a start; undefined: nobody asks. */
    this.readyStatus = 200;
    this.dataFolder = mkdtempSync(join(tmpdir(), 'jindou-e2e-'));
    this.output = '';
  }

  /** Starts and waits until the node says that it is ready. */
  static async start(...options) {
    const node = new NodeProcess(options);
    await node.run();
    return node;
  }

  async run() {
    this.output = '';
    this.exit = undefined;
    this.child = spawn(join(binFolder, 'jindou-node'), [
      `--node.data-dir=${this.dataFolder}`,
      '--gateway.tcp-addr=127.0.0.1:0',
      '--gateway.ws-addr=127.0.0.1:0',
      '--http.addr=127.0.0.1:0',
      '--monitor.addr=127.0.0.1:0',
      ...this.options,
    ], { env: { ...process.env, ...this.env } });
    const keep = (bytes) => { this.output += bytes; };
    this.child.stdout.on('data', keep);
    this.child.stderr.on('data', keep);
    this.ended = new Promise((done) => {
      this.child.on('exit', (code, signal) => {
        this.exit = { code, signal };
        done(this.exit);
      });
    });
    await eventually(() => {
      if (this.exit)
        throw new Error(`node ended at start: ${this.output}`);
      return /send --addr/.test(this.output);
    }, 'the banner');
    this.tcp = this.address(/clients\s+tcp (\S+)/);
    this.ws = this.address(/\bws (\S+)/);
    this.http = this.address(/http (\S+)/);
    this.monitor = this.address(/monitor (\S+)/);
    this.token = /manager token in/.test(this.output)
      ? readFileSync(join(this.dataFolder, 'manager.token'), 'utf8').trim()
      : '';
    if (this.readyStatus === undefined)
      return;
    await eventually(async () =>
      (await fetch(`http://${this.monitor}/readyz`)).status
        === this.readyStatus, 'readyz');
  }

  address(pattern) {
    const found = pattern.exec(this.output);
    if (!found)
      throw new Error(`no ${pattern} in: ${this.output}`);
    return found[1];
  }

  /** Ordered stop; the exit code must be 0. */
  async stop() {
    if (!this.exit) {
      this.child.kill('SIGTERM');
      await this.ended;
    }
    if (this.exit.code !== 0)
      throw new Error(`exit ${JSON.stringify(this.exit)}: ${this.output}`);
  }

  /** Ends the process as a power cut would end it. */
  async kill() {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** Stops if need be and removes the data. */
  async discard() {
    try {
      if (this.exit === undefined)
        await this.stop();
    } finally {
      rmSync(this.dataFolder, { recursive: true, force: true });
    }
  }

  /** POSTs to the API. Returns { status, body }. */
  async post(path, body) {
    const res = await fetch(`http://${this.http}${path}`, {
      method: 'POST',
      headers: { token: this.token },
      body: JSON.stringify(body),
    });
    const text = await res.text();
    let parsed = text;
    try {
      parsed = JSON.parse(text);
    } catch { /* kept as text */ }
    return { status: res.status, body: parsed };
  }

  /** POSTs and insists on {"status":200}. */
  async must(path, body) {
    const res = await this.post(path, body);
    if (res.status !== 200)
      throw new Error(`${path}: ${res.status} ${JSON.stringify(res.body)}`);
    return res.body;
  }

  /** Makes users with the token `<uid>-token`. */
  async addUsers(...uids) {
    for (const uid of uids)
      await this.must('/user/token', {
        uid, token: `${uid}-token`, device_flag: 1, device_level: 0,
      });
  }

  /** The stored messages of a channel as `uid` sees them. */
  async history(uid, channelId, channelType, limit = 10_000) {
    const res = await this.must('/channel/messagesync', {
      login_uid: uid, channel_id: channelId, channel_type: channelType,
      start_message_seq: 0, end_message_seq: 0, limit, pull_mode: 0,
    });
    return res.messages;
  }
}
