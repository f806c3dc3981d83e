// A JSON-RPC client as the Easy SDKs are: no `jsonrpc` field, UUIDs as ids,
// every message with an `id` is a response, every RECV is acknowledged with
// its header. Over WebSocket, plain or TLS, and over TCP, where texts follow
// each other without separator.
import { randomBytes, randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';

import { WebSocket } from 'ws';

import { eventually } from './node_process.mjs';

/** Cuts whole objects off the front of `text`. Returns [objects, rest]. */
function cutObjects(text) {
  const objects = [];
  let [depth, begin, inString, escaped] = [0, 0, false, false];
  for (let i = 0; i < text.length; ++i) {
    const c = text[i];
    if (inString) {
      if (escaped)
        escaped = false;
      else if (c === '\\')
        escaped = true;
      else if (c === '"')
        inString = false;
    } else if (c === '"') {
      inString = true;
    } else if (c === '{') {
      ++depth;
    } else if (c === '}' && --depth === 0) {
      objects.push(JSON.parse(text.slice(begin, i + 1)));
      begin = i + 1;
    }
  }
  return [objects, text.slice(begin)];
}

class TcpLink {
  constructor(url, options) {
    const { hostname, port, protocol } = new URL(url);
    const to = { port: Number(port), host: hostname, ...options };
    const tls = protocol === 'tls:';
    this.socket = tls ? connectTls(to) : connect(to);
    this.opened = new Promise((done, fail) => {
      this.socket.on(tls ? 'secureConnect' : 'connect', done);
      this.socket.on('error', fail);
    });
    let text = '';
    this.socket.setEncoding('utf8');
    this.socket.on('data', (more) => {
      const [objects, rest] = cutObjects(text + more);
      text = rest;
      for (const x of objects)
        this.take(x);
    });
    this.socket.on('close', () => this.onClose());
  }

  write(text) { this.socket.write(text); }

  close() { this.socket.destroy(); }
}

class WebSocketLink {
  constructor(url, options) {
    this.socket = new WebSocket(url, options);
    this.opened = new Promise((done, fail) => {
      this.socket.on('open', done);
      this.socket.on('error', fail);
    });
    this.socket.on('message', (bytes, isBinary) => {
      if (isBinary)
        throw new Error('a text must come as a text');
      this.take(JSON.parse(bytes)); // exactly one object
    });
    this.socket.on('close', () => this.onClose());
  }

  write(text) { this.socket.send(text); }

  close() { this.socket.terminate(); }
}

export class JsonClient {
  recvs = [];
  events = [];
  errors = [];
  closed = false;
  acknowledges = true;
  waiting = new Map();

  constructor(url, uid, token, options = {}) {
    this.url = url;
    this.uid = uid;
    this.token = token;
    this.options = options;
  }

  async open() {
    this.link = /^wss?:/.test(this.url)
      ? new WebSocketLink(this.url, this.options)
      : new TcpLink(this.url, this.options);
    this.link.take = (x) => this.take(x);
    this.link.onClose = () => {
      this.closed = true;
      for (const { fail } of this.waiting.values())
        fail(new Error('closed'));
    };
    await this.link.opened;
  }

  /** Logs in. Any result counts as success. */
  async connect() {
    await this.open();
    return this.request('connect', {
      uid: this.uid, token: this.token, deviceFlag: 1,
      deviceId: `web_${randomBytes(4).toString('hex')}_${Date.now()}`,
      clientTimestamp: Date.now(),
    }, 5_000);
  }

  request(method, params, limit = 15_000) {
    const id = randomUUID();
    const answer = new Promise((done, fail) => {
      const timer = setTimeout(() => fail(new Error(`${method}: no answer`)),
        limit);
      this.waiting.set(id, { done, fail, timer });
    });
    this.link.write(JSON.stringify({ method, params, id }));
    return answer;
  }

  send(channelId, channelType, content, more = {}) {
    const payload = Buffer.from(JSON.stringify(content)).toString('base64');
    return this.request('send', {
      clientMsgNo: randomUUID(), channelId, channelType, payload,
      header: { redDot: true }, ...more,
    });
  }

  ping() { return this.request('ping', {}, 10_000); }

  take(x) {
    if ('id' in x || 'error' in x)
      this.takeResponse(x);
    else if (x.method === 'recv')
      this.takeRecv(x.params);
    else if (x.method === 'event')
      this.events.push(x.params);
    else if (x.method === 'disconnect')
      this.takeDisconnect(x.params);
  }

  takeResponse(x) {
    if (x.error)
      this.errors.push(x);
    const asked = this.waiting.get(x.id);
    if (!asked)
      return;
    this.waiting.delete(x.id);
    clearTimeout(asked.timer);
    if (x.error)
      asked.fail(Object.assign(new Error(x.error.message), x.error));
    else
      asked.done(x.result);
  }

  takeRecv(m) {
    m.content = JSON.parse(Buffer.from(m.payload, 'base64').toString());
    this.recvs.push(m);
    if (this.acknowledges)
      this.link.write(JSON.stringify({ method: 'recvack',
        params: { header: m.header, messageId: m.messageId,
          messageSeq: m.messageSeq } }));
  }

  takeDisconnect(params) {
    this.disconnected = params;
    this.close();
  }

  gone() { return eventually(() => this.closed, 'the close'); }

  close() {
    for (const { timer } of this.waiting.values())
      clearTimeout(timer);
    this.link?.close();
  }
}
