/**
 * Many WebSocket clients in one process, on bare connections: with a client library for each of 50,000 messages a second
 * this process would be what is measured.
 */
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';

/** Start of every message, as JSON.stringify writes it; the id follows. */
const OPENING = '{"type":"price_update","data":{"event_id":"';
const ID_LENGTH = 36;
const [PING, CLOSE] = [0x9, 0x8];
const BUCKETS_PER_MS = 10;
const LONGEST_MS = 20_000;
const CONNECTING_AT_ONCE = 50;

let sockets = [];
let stalled = [];
let cut = 0;
/** Event id → when it was committed, in ms since 1970. */
let committed = new Map();
let buckets = new Uint32Array(LONGEST_MS * BUCKETS_PER_MS);
let receipts = 0;

const now = () => performance.timeOrigin + performance.now();

function enter(url, onData) {
  const { hostname, port, pathname } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  return new Promise((resolve, reject) => {
    let head = Buffer.alloc(0);
    const onHead = (chunk) => {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end === -1) return;
      socket.off('data', onHead);
      if (!head.toString('latin1', 0, end).startsWith('HTTP/1.1 101')) {
        reject(new Error(head.toString('latin1', 0, 400)));
        return;
      }
      const rest = head.subarray(end + 4);
      socket.on('data', (bytes) => onData(socket, bytes));
      if (rest.length > 0) onData(socket, rest);
      resolve(socket);
    };
    socket.on('data', onHead);
    socket.on('error', reject);
    socket.write(
      `GET ${pathname} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
    );
  });
}

async function enterAll(url, count, onData) {
  const entered = [];
  while (entered.length < count) {
    const batch = Math.min(CONNECTING_AT_ONCE, count - entered.length);
    entered.push(...(await Promise.all(Array.from({ length: batch }, () => enter(url, onData)))));
  }
  return entered;
}

/** Frames of a server are not masked and, here, under 64 KiB. */
function read(socket, chunk) {
  const at = now();
  const bytes = socket.rest === undefined ? chunk : Buffer.concat([socket.rest, chunk]);
  let place = 0;
  while (bytes.length - place >= 2) {
    const short = bytes[place + 1];
    const start = place + (short === 126 ? 4 : 2);
    if (bytes.length < start) break;
    const length = short === 126 ? bytes.readUInt16BE(place + 2) : short;
    if (bytes.length < start + length) break;
    take(socket, bytes[place] & 0xf, bytes.subarray(start, start + length), at);
    place = start + length;
  }
  socket.rest = place === bytes.length ? undefined : bytes.subarray(place);
}

function take(socket, opcode, payload, at) {
  if (opcode === PING) socket.write(Buffer.concat([Buffer.from([0x8a, 0x80 | payload.length, 0, 0, 0, 0]), payload]));
  else if (opcode === CLOSE) socket.end();
  else if (payload.length > OPENING.length + ID_LENGTH) note(payload, at);
}

function note(payload, at) {
  const id = payload.latin1Slice(OPENING.length, OPENING.length + ID_LENGTH);
  let from = committed.get(id);
  if (from === undefined) {
    const { type, data } = JSON.parse(payload.toString());
    if (type !== 'price_update') return;
    from = Date.parse(data.timestamp);
    committed.set(id, from);
  }
  receipts += 1;
  const bucket = Math.round(Math.max(0, at - from) * BUCKETS_PER_MS);
  buckets[Math.min(bucket, buckets.length - 1)] += 1;
}

function quantile(share) {
  let left = Math.ceil(receipts * share);
  for (let bucket = 0; bucket < buckets.length; bucket += 1) {
    left -= buckets[bucket];
    if (left <= 0) return bucket / BUCKETS_PER_MS;
  }
  return Number.NaN;
}

const commands = {
  connect: async ({ url, count }) => {
    sockets = await enterAll(url, count, read);
    for (const socket of sockets) {
      socket.on('error', () => undefined);
      socket.once('close', () => (cut += 1));
    }
    return sockets.length;
  },
  /** Further ones that read nothing from now on. */
  stall: async ({ url, count }) => {
    stalled = await enterAll(url, count, () => undefined);
    for (const socket of stalled) socket.pause().on('error', () => undefined);
    return count;
  },
  begin: () => {
    committed = new Map();
    buckets = new Uint32Array(LONGEST_MS * BUCKETS_PER_MS);
    receipts = 0;
    cut = 0;
  },
  report: () => ({
    events: committed.size,
    receipts,
    cut,
    p50: quantile(0.5),
    p99: quantile(0.99),
    max: quantile(1),
  }),
  leave: () => {
    for (const socket of [...sockets, ...stalled]) socket.destroy();
    sockets = [];
    stalled = [];
  },
};

process.on('message', async ({ kind, ...options }) => {
  try {
    process.send({ result: (await commands[kind](options)) ?? null });
  } catch (error) {
    process.send({ error: String(error) });
  }
});
process.on('disconnect', () => process.exit(0));
process.send({ result: null });
