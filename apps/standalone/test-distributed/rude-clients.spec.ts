/**
 * Socket clients that do what they should not, through the API gateway, beside polite ones that are sent a price change
 * every 25 ms the whole time.
 *
 * Compared: what each rude client was told or how it was cut; for the polite ones the event ids they got, in order, with
 * those that were written, and the time from writing to receipt.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@gpubroker/testing/eventually';
import { WebSocket, type ClientOptions } from 'ws';
import { PriceStream } from './support/price-stream';
import type { PriceSocket } from './support/price-socket';
import { PriceSystem } from './support/price-system';
import type { ServiceProcess } from './support/service-process';

const POLITE = 5;
const HEARTBEAT_MS = 1_500;
const NOTICED_MS = 500;
const MEGABYTE = 1_048_576;

let system: PriceSystem;
let gateway: ServiceProcess;
let wsGateway: ServiceProcess;
let stream: PriceStream;
let polite: readonly PriceSocket[];

beforeAll(async () => {
  system = await PriceSystem.open();
  wsGateway = await system.wsGateway({ WS_HEARTBEAT_MS: String(HEARTBEAT_MS) });
  gateway = await system.apiGateway(wsGateway);
  polite = await Promise.all(Array.from({ length: POLITE }, () => system.socket(gateway)));
  stream = PriceStream.start(system.databaseUrl);
});

afterAll(() => system.close());

interface Fate {
  /** Codes of `{type: "error"}` messages. */
  readonly errors: string[];
  /** null while the connection is open; 1006 is a cut without a closing handshake. */
  closed: number | null;
}

/** Connects, misbehaves, and is watched until it is told off or cut. */
async function fateOf(
  misbehave: (socket: WebSocket) => void | Promise<void>,
  options: ClientOptions = {},
): Promise<Fate> {
  const fate: Fate = { errors: [], closed: null };
  const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/ws/`, options);
  socket.on('error', () => undefined);
  socket.on('close', (code) => {
    fate.closed = code;
  });
  socket.on('message', (data: Buffer) => {
    const { type, code } = JSON.parse(data.toString()) as { type: string; code?: string };
    if (type === 'error') fate.errors.push(code ?? '');
  });
  await new Promise((resolve) => socket.once('open', resolve));
  await misbehave(socket);
  await eventually(
    () => Promise.resolve(fate),
    ({ errors, closed }) => closed !== null || errors.length > 0,
    { timeoutMs: 3 * HEARTBEAT_MS },
  ).catch(() => undefined);
  await sleep(200);
  socket.terminate();
  return fate;
}

/** The connection below the socket, for bytes that no client library would write. */
const rawOf = (socket: WebSocket): { write(bytes: Buffer): void } =>
  (socket as unknown as { _socket: { write(bytes: Buffer): void } })._socket;

describe('a client that misbehaves', () => {
  it.each([
    ['text that is not JSON', 'hello?', 'MALFORMED_REQUEST'],
    ['binary', randomBytes(100), 'MALFORMED_REQUEST'],
    ['a message of an unknown type', '{"type":"buy"}', 'VALIDATION_ERROR'],
    ['an unknown filter', '{"type":"subscribe","filters":{"colour":"green"}}', 'VALIDATION_ERROR'],
  ])('is told so for %s, and stays', async (_, message, code) => {
    expect(await fateOf((socket) => socket.send(message))).toEqual({ errors: [code], closed: null });
  });

  it('is cut for a frame of 1 MB', async () => {
    const { closed } = await fateOf((socket) => socket.send('x'.repeat(MEGABYTE)));
    expect([1009, 1006]).toContain(closed);
  });

  it('is cut for text that is not UTF-8', async () => {
    const { closed } = await fateOf((socket) => socket.send(Buffer.from([0xff, 0xfe, 0x80]), { binary: false }));
    expect(closed).toBe(1007);
  });

  it('is cut for bytes that are no frame', async () => {
    const { closed } = await fateOf((socket) => rawOf(socket).write(randomBytes(MEGABYTE)));
    expect(closed).not.toBeNull();
  });

  it('is told to stop, then cut, for a thousand subscribes', async () => {
    const fate = await fateOf(async (socket) => {
      for (let asked = 0; asked < 1_000; asked += 1) socket.send('{"type":"subscribe","filters":{"gpu_type":"h100"}}');
      await sleep(1_000);
    });
    expect(fate).toEqual({ errors: ['RATE_LIMITED'], closed: 1008 });
  });

  it('is cut when it answers no ping', async () => {
    const { closed } = await fateOf(() => undefined, { autoPong: false });
    expect(closed).toBe(1006);
  });
});

describe('the others', () => {
  beforeAll(async () => {
    await stream.stop();
    await eventually(
      () => Promise.resolve(polite.map(({ seen }) => seen.size)),
      (sizes) => sizes.every((size) => size === stream.written.length),
    ).catch(() => undefined);
    const late = Math.max(...polite.map(({ latestMs }) => latestMs));
    console.log(
      `${stream.written.length} events, ${POLITE} polite sockets; the latest receipt ${late.toFixed(0)} ms after writing`,
    );
  });

  it('get every event in order, on the connection they had', () => {
    for (const socket of polite) {
      expect([...socket.seen.keys()]).toEqual(stream.written);
      expect(socket.connections).toBe(1);
    }
  });

  it('get it in time', () => {
    for (const socket of polite) expect(socket.latestMs).toBeLessThan(NOTICED_MS);
  });

  it('find both gateways well', async () => {
    await gateway.untilReady();
    await wsGateway.untilReady();
    expect(await wsGateway.metrics()).toContain(`gpubroker_ws_clients{service="ws-gateway"} ${POLITE}\n`);
  });
});
