// A second client, written from the protocol text on node:crypto and node:net.
// Speaks versions 1 to 5; shares no code with the server.
import { createCipheriv, createDecipheriv, createHash, createPublicKey,
  diffieHellman, generateKeyPairSync } from 'node:crypto';
import { connect } from 'node:net';

import { eventually } from './node_process.mjs';

export const type = {
  connect: 1, connack: 2, send: 3, sendack: 4, recv: 5, recvack: 6, ping: 7,
  pong: 8, disconnect: 9, sub: 10, suback: 11,
};

// -- bytes ----------------------------------------------------------------------

class Writer {
  parts = [];

  u8(x) { this.parts.push(Buffer.from([x])); return this; }

  u32(x) {
    const b = Buffer.alloc(4);
    b.writeUInt32BE(x >>> 0);
    this.parts.push(b);
    return this;
  }

  i64(x) {
    const b = Buffer.alloc(8);
    b.writeBigInt64BE(BigInt(x));
    this.parts.push(b);
    return this;
  }

  str(x) {
    const bytes = Buffer.from(x);
    const b = Buffer.alloc(2);
    b.writeInt16BE(bytes.length);
    this.parts.push(b, bytes);
    return this;
  }

  raw(x) { this.parts.push(Buffer.from(x)); return this; }

  frame(kind, flags = 0) {
    const body = Buffer.concat(this.parts);
    const head = [kind << 4 | flags];
    let rest = body.length;
    do {
      head.push(rest > 127 ? rest & 127 | 128 : rest);
      rest >>= 7;
    } while (rest > 0);
    return Buffer.concat([Buffer.from(head), body]);
  }
}

class Reader {
  at = 0;

  constructor(bytes) { this.bytes = bytes; }

  take(n) {
    const res = this.bytes.subarray(this.at, this.at + n);
    if (res.length < n)
      throw new Error('frame too short');
    this.at += n;
    return res;
  }

  u8() { return this.take(1)[0]; }

  u32() { return this.take(4).readUInt32BE(); }

  i32() { return this.take(4).readInt32BE(); }

  i64() { return this.take(8).readBigInt64BE(); }

  str() { return this.take(this.take(2).readInt16BE()).toString(); }

  rest() { return this.bytes.subarray(this.at); }
}

/** Cuts one frame; undefined: more bytes are needed. */
function cut(bytes) {
  if (bytes.length < 1)
    return undefined;
  const kind = bytes[0] >> 4;
  if (kind === type.ping || kind === type.pong)
    return { kind, flags: 0, body: Buffer.alloc(0), size: 1 };
  let length = 0;
  for (let i = 1; i <= 4; ++i) {
    if (bytes.length <= i)
      return undefined;
    length |= (bytes[i] & 127) << 7 * (i - 1);
    if (bytes[i] < 128) {
      const size = 1 + i + length;
      return bytes.length < size ? undefined
        : { kind, flags: bytes[0] & 15, body: bytes.subarray(1 + i, size), size };
    }
  }
  throw new Error('bad length');
}

// -- secrets --------------------------------------------------------------------

const md5 = (text) => createHash('md5').update(text).digest('hex');
const spki = Buffer.from('302a300506032b656e032100', 'hex');

class Keys {
  pair = generateKeyPairSync('x25519');

  get clientKey() {
    return this.pair.publicKey.export({ type: 'spki', format: 'der' })
      .subarray(-32).toString('base64');
  }

  agree(serverKey, salt) {
    const secret = diffieHellman({
      privateKey: this.pair.privateKey,
      publicKey: createPublicKey({
        key: Buffer.concat([spki, Buffer.from(serverKey, 'base64')]),
        type: 'spki', format: 'der',
      }),
    });
    this.key = Buffer.from(md5(secret.toString('base64')).slice(0, 16));
    this.iv = Buffer.from(salt.slice(0, 16));
  }

  encrypt(plain) {
    const c = createCipheriv('aes-128-cbc', this.key, this.iv);
    return Buffer.concat([c.update(plain), c.final()]).toString('base64');
  }

  decrypt(text) {
    const c = createDecipheriv('aes-128-cbc', this.key, this.iv);
    return Buffer.concat([c.update(Buffer.from(text, 'base64')), c.final()]);
  }

  sign(text) { return md5(this.encrypt(text)); }
}

// -- the client -----------------------------------------------------------------

let numbers = 0;

export class Client {
  version = 5;
  deviceFlag = 0;
  deviceId = `device-${++numbers}`;
  acknowledges = true;
  frames = [];
  recvs = [];
  acks = [];
  subacks = [];
  pongs = 0;
  closed = false;
  keys = new Keys();
  lastSeq = 0;

  constructor(uid, token, changes = {}) {
    this.uid = uid;
    this.token = token;
    Object.assign(this, changes);
  }

  /** Opens the socket; sends nothing. */
  async open(address) {
    const [host, port] = address.split(':');
    this.socket = connect(Number(port), host);
    this.socket.setNoDelay(true);
    let bytes = Buffer.alloc(0);
    this.socket.on('data', (more) => {
      bytes = Buffer.concat([bytes, more]);
      for (let f = cut(bytes); f; f = cut(bytes)) {
        bytes = bytes.subarray(f.size);
        this.take(f);
      }
    });
    this.socket.on('error', () => {});
    this.socket.on('close', () => { this.closed = true; });
    await new Promise((done) => { this.socket.on('connect', done); });
  }

  connectFrame() {
    return new Writer().u8(this.version).u8(this.deviceFlag)
      .str(this.deviceId).str(this.uid).str(this.token).i64(Date.now())
      .str(this.keys.clientKey).frame(type.connect);
  }

  /** Opens, logs in, and returns the CONNACK. */
  async login(address) {
    await this.open(address);
    this.socket.write(this.connectFrame());
    await eventually(() => this.connack, 'CONNACK');
    return this.connack;
  }

  take(f) {
    this.frames.push(f);
    const r = new Reader(f.body);
    if (f.kind === type.connack)
      this.takeConnack(f, r);
    else if (f.kind === type.sendack)
      this.acks.push({ flags: f.flags, id: r.i64(), clientSeq: r.u32(),
        seq: r.u32(), reason: r.u8() });
    else if (f.kind === type.recv)
      this.takeRecv(f, r);
    else if (f.kind === type.suback)
      this.subacks.push({ subNo: r.str(), channelId: r.str(),
        channelType: r.u8(), action: r.u8(), reason: r.u8() });
    else if (f.kind === type.pong)
      ++this.pongs;
    else if (f.kind === type.disconnect)
      this.disconnect = { reason: r.u8(), text: r.str() };
  }

  takeConnack(f, r) {
    const ack = {};
    if (f.flags & 1)
      ack.serverVersion = r.u8();
    ack.timeDiff = r.i64();
    ack.reason = r.u8();
    ack.serverKey = r.str();
    ack.salt = r.str();
    if (this.version >= 4)
      ack.nodeId = r.i64();
    if (ack.reason === 1 && ack.serverKey)
      this.keys.agree(ack.serverKey, ack.salt);
    this.connack = ack;
  }

  takeRecv(f, r) {
    const m = { flags: f.flags, setting: r.u8(), msgKey: r.str(),
      fromUid: r.str(), channelId: r.str(), channelType: r.u8() };
    if (this.version >= 3)
      m.expire = r.u32();
    m.clientMsgNo = r.str();
    m.id = r.i64();
    m.seq = r.u32();
    m.timestamp = r.i32();
    if (m.setting & 8)
      m.topic = r.str();
    const payload = r.rest().toString();
    const signed = `${m.id}${m.seq}${m.clientMsgNo}${m.timestamp}${m.fromUid}`
      + `${m.channelId}${m.channelType}${payload}`;
    m.keyIsRight = this.keys.sign(signed) === m.msgKey;
    m.text = this.keys.decrypt(payload).toString();
    this.recvs.push(m);
    if (this.acknowledges)
      this.socket.write(new Writer().i64(m.id).u32(m.seq)
        .frame(type.recvack, f.flags & 7));
  }

  sendFrame(text, channelId, channelType = 1, options = {}) {
    const seq = ++this.lastSeq;
    const number = options.clientMsgNo ?? `${this.uid}-${seq}-${Date.now()}`;
    const payload = this.keys.encrypt(text);
    const key = options.msgKey
      ?? this.keys.sign(`${seq}${number}${channelId}${channelType}${payload}`);
    const w = new Writer().u8(0).u32(seq).str(number).str(channelId)
      .u8(channelType);
    if (this.version >= 3)
      w.u32(0);
    return w.str(key).raw(payload).frame(type.send, options.flags ?? 0)
      .subarray(0);
  }

  /** Sends one message and waits for its SENDACK. */
  async send(text, channelId, channelType = 1, options = {}) {
    const bytes = this.sendFrame(text, channelId, channelType, options);
    const seq = this.lastSeq;
    this.socket.write(bytes);
    return eventually(() => this.acks.find((x) => x.clientSeq === seq),
      `SENDACK of ${text}`);
  }

  subFrame(channelId, channelType = 7, action = 0, subNo = '') {
    return new Writer().u8(0).str(subNo).str(channelId).u8(channelType)
      .u8(action).str('').frame(type.sub);
  }

  /** Subscribes (action 0) or ends it (1) and waits for the SUBACK. */
  async subscribe(channelId, channelType = 7, action = 0) {
    const subNo = `${this.uid}-sub-${++numbers}`;
    this.socket.write(this.subFrame(channelId, channelType, action, subNo));
    return eventually(() => this.subacks.find((x) => x.subNo === subNo),
      `SUBACK of ${channelId}`);
  }

  unsubscribe(channelId, channelType = 7) {
    return this.subscribe(channelId, channelType, 1);
  }

  close() { this.socket?.destroy(); }
}
