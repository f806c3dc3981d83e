// Bytes to a node and whatever comes back, without any protocol.
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';

import { eventually } from './node_process.mjs';

export class RawSocket {
  bytes = Buffer.alloc(0);
  closed = false;

  /** Connects; `tls` are options of a TLS client. */
  static async open(address, tls = undefined) {
    const [host, port] = address.split(':');
    const raw = new RawSocket();
    const to = { host, port: Number(port), ...tls };
    raw.socket = tls ? connectTls(to) : connect(to);
    raw.socket.on('data', (x) => { raw.bytes = Buffer.concat([raw.bytes, x]); });
    raw.socket.on('error', (e) => { raw.error = e; });
    raw.socket.on('close', () => { raw.closed = true; });
    await new Promise((done, fail) => {
      raw.socket.on(tls ? 'secureConnect' : 'connect', done);
      raw.socket.on('error', fail);
    });
    return raw;
  }

  get text() { return this.bytes.toString('latin1'); }

  write(bytes) { this.socket.write(bytes); }

  /** Waits for the end; returns how long it took in seconds. */
  async end(ms = 10_000) {
    const begin = Date.now();
    await eventually(() => this.closed, 'the end of a connection', ms);
    return (Date.now() - begin) / 1_000;
  }

  close() { this.socket.destroy(); }
}

/** One exchange: writes, waits for the end, returns the statuses. */
export async function statuses(address, bytes) {
  const raw = await RawSocket.open(address);
  raw.write(bytes);
  await raw.end(20_000);
  return raw.text.match(/^HTTP\/1\.1 \d+/gm)?.map((x) => Number(x.slice(9)))
    ?? [];
}

/** A WebSocket frame as a client sends it; `first` has FIN, RSV and opcode. */
export function websocketFrame(first, payload = Buffer.alloc(0), mask = true) {
  const n = payload.length;
  const head = n < 126 ? Buffer.from([first, n])
    : Buffer.from([first, 126, n >> 8, n & 255]);
  if (!mask)
    return Buffer.concat([head, payload]);
  head[1] |= 0x80;
  const key = Buffer.from([0xa0, 0xa1, 0xa2, 0xa3]);
  return Buffer.concat([head, key, payload.map((x, i) => x ^ key[i & 3])]);
}

/** Opens a WebSocket by hand; what comes after the upgrade is in `bytes`. */
export async function openWebsocket(address) {
  const raw = await RawSocket.open(address);
  raw.write('GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n'
    + 'Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n'
    + 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n');
  await eventually(() => raw.text.includes('\r\n\r\n'), 'the upgrade');
  if (!raw.text.startsWith('HTTP/1.1 101'))
    throw new Error(raw.text);
  raw.bytes = raw.bytes.subarray(raw.text.indexOf('\r\n\r\n') + 4);
  return raw;
}
