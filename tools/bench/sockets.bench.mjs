/** From the commit of a price change to 1,000 sockets, and what sockets that stop reading cost the others. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bundleApp } from '../build/bundle-app.mjs';
import { freePorts } from '../servers/free-ports.mjs';
import { askable, residentMiB, startService } from './child.mjs';

const SOCKETS = 1_000;
const STALLED = 20;
const PER_SECOND = 50;
const OFFERS = 500;
const WARM_MS = 3_000;
const MEASURED_MS = 15_000;
/** Two heartbeats of 30 s and some: by then a peer that answers nothing is gone. */
const CUT_WITHIN_MS = 75_000;
const SETTLE_MS = 2_000;
const P99_MS = 500;
const DELAY_MS = 50;
/** Beside 1 MiB for each socket that stopped reading: what a heap moves by itself. */
const SLACK_MIB = 40;

const SERVICES = ['providers', 'ws-gateway', 'api-gateway'];
const OUTFILE = 'dist-app/bench.js';

export const title = 'Sockets: from commit to receipt';

/** @param {(line: string) => void} say @returns {Promise<import('./report.mjs').Result>} */
export async function run(say) {
  await buildAll();
  const children = [];
  const child = async (file, env) => {
    const started = await askable(file, env);
    children.push(started);
    return started;
  };
  const services = [];
  try {
    const writer = await child(resolve('apps/standalone/dist-app/price-writer.js'));
    const [crowd, control] = [await child(own('socket-crowd.mjs')), await child(own('socket-crowd.mjs'))];
    const bare = await child(own('bare-broadcast.mjs'));
    const start = starter(writer.first.url, services);
    const providers = await startProviders(start);
    const { wsGateway, gateway } = await startDoor(start, providers);
    await untilMigrated(writer);

    const alone = await measure(crowd, bare, `${bare.first.url}/`);
    say(`bare ws: ${inWords(alone)}`);
    const straight = await measure(crowd, writer, `${wsGateway.url}/ws/`);
    say(`straight to ws-gateway: ${inWords(straight)}`);
    const through = await measure(crowd, writer, `${gateway.url}/ws/`);
    say(`through the API gateway: ${inWords(through)}`);
    const twin = await startDoor(start, providers);
    const stalled = await measureWithStalled({ crowd, control, source: writer, door: { wsGateway, gateway }, twin });
    say(
      `beside ${STALLED} that stop reading: ${inWords(stalled)}, their twins p99 ${stalled.twin.p99.toFixed(1)} ms, the last was cut after ${stalled.lastCutAfterSeconds.toFixed(0)} s`,
    );

    await writer.ask('end');
    return {
      versions: { ws: JSON.parse(readFileSync('node_modules/ws/package.json', 'utf8')).version },
      notes: [
        `${SOCKETS} sockets, ${PER_SECOND} price changes a second for ${MEASURED_MS / 1_000} s, every socket gets every change. ` +
          'A change is a transaction as providers writes it (row, history, two events) on the embedded PostgreSQL as a first ' +
          'start makes it, durable; providers relays it; each service, the writer, the server and all clients share this machine. ' +
          'Time runs from the timestamp in the event, which the database takes just before the commit, to the receipt. The bare ' +
          '`ws` server sends the same bytes at the same rate with nothing behind it, to the same clients, in the same run.',
        `For what sockets that stop reading cost, half of the sockets stand at one pair of gateways, beside ${STALLED} that read ` +
          'nothing any more, and half at a second pair, with none: the same changes at the same time, so that only the neighbours ' +
          'differ.',
      ],
      figures: [
        ...quantiles('through the API gateway', through, P99_MS),
        ...quantiles('straight to ws-gateway', straight, P99_MS),
        ...quantiles('bare `ws` broadcast', alone),
        { name: 'p99 through the API gateway over bare `ws`', value: through.p99 / alone.p99 },
        { name: 'one COMMIT of the writer, median, meanwhile', value: through.commitMs, unit: 'ms' },
        { name: 'changes written a second, of 50 wanted', value: (through.written * 1_000) / MEASURED_MS },
        {
          name: 'receipts missing, of all three',
          value: alone.missing + straight.missing + through.missing,
          atMost: 0,
        },
        ...quantiles(`${SOCKETS / 2} sockets beside ${STALLED} that stop reading`, stalled),
        ...quantiles(`${SOCKETS / 2} sockets without such neighbours, meanwhile`, stalled.twin),
        {
          name: 'p99 beside those that stop reading, later than without',
          value: stalled.p99 - stalled.twin.p99,
          unit: 'ms',
          atMost: DELAY_MS,
        },
        {
          name: 'receipts missing at the others',
          value: stalled.missing + stalled.cut + stalled.twin.missing,
          atMost: 0,
        },
        { name: 'stopped sockets not cut', value: stalled.stalledOpen, atMost: 0 },
        { name: 'the last of them cut after', value: stalled.lastCutAfterSeconds, unit: 's' },
        {
          name: `memory of ws-gateway before, with ${SOCKETS / 2} sockets`,
          value: stalled.before.wsGateway,
          unit: 'MiB',
        },
        {
          name: 'memory of ws-gateway, most while they stood',
          value: stalled.most.wsGateway,
          unit: 'MiB',
          atMost: stalled.before.wsGateway + STALLED + SLACK_MIB,
        },
        {
          name: `memory of the API gateway before, with ${SOCKETS / 2} sockets`,
          value: stalled.before.gateway,
          unit: 'MiB',
        },
        {
          name: 'memory of the API gateway, most while they stood',
          value: stalled.most.gateway,
          unit: 'MiB',
          atMost: stalled.before.gateway + STALLED + SLACK_MIB,
        },
        { name: 'memory of providers', value: residentMiB(providers.pid), unit: 'MiB' },
      ],
    };
  } finally {
    await Promise.all(services.map((service) => service.stop()));
    for (const { kill } of children) kill();
  }
}

const own = (file) => join(import.meta.dirname, file);

async function buildAll() {
  await Promise.all([
    ...SERVICES.map((name) => bundleApp(`apps/${name}`, { outfile: OUTFILE })),
    bundleApp('apps/standalone', {
      entry: 'test-distributed/processes/price-writer.ts',
      outfile: 'dist-app/price-writer.js',
    }),
  ]);
}

/** @returns starts a service on a free port, and notes it for the end */
function starter(databaseUrl, started) {
  const logs = mkdtempSync(join(tmpdir(), 'gpubroker-bench-logs-'));
  return async (name, portVariable, env) => {
    const [port] = await freePorts(1);
    const service = await startService(resolve('apps', name, OUTFILE), {
      port,
      log: join(logs, `${name}-${port}.log`),
      env: { HOST: '127.0.0.1', LOG_LEVEL: 'warn', DATABASE_URL: databaseUrl, [portVariable]: String(port), ...env },
    });
    started.unshift(service);
    return service;
  };
}

const startProviders = (start) => start('providers', 'PROVIDERS_PORT', noCloud());

async function startDoor(start, providers) {
  const wsGateway = await start('ws-gateway', 'WS_GATEWAY_PORT', {
    WS_ANONYMOUS_PER_IP: String(SOCKETS + STALLED + 10),
  });
  const gateway = await start('api-gateway', 'PORT', {
    WS_GATEWAY_URL: wsGateway.url,
    PROVIDERS_URL: providers.url,
    RATE_LIMIT_IP_PER_MINUTE: '0',
  });
  return { wsGateway, gateway };
}

/** Every cloud at an address of this machine where nobody listens: prices move by the writer alone. */
function noCloud() {
  const nowhere = 'http://127.0.0.1:9';
  const variables = readFileSync('.env.example', 'utf8').matchAll(/^# (\w+_BASE_URL)=/gm);
  return { CLOUD_EMULATOR_URL: nowhere, ...Object.fromEntries([...variables].map(([, name]) => [name, nowhere])) };
}

/** providers answers before its tables are there. */
async function untilMigrated(writer) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await writer.ask('prepare', { offers: OFFERS });
    } catch (error) {
      if (tries === 50) throw error;
      await sleep(200);
    }
  }
}

async function measure(crowd, source, url) {
  await crowd.ask('connect', { url, count: SOCKETS });
  const [result] = await spell([crowd], source, { sockets: SOCKETS, longestMs: MEASURED_MS });
  await crowd.ask('leave');
  await sleep(SETTLE_MS);
  return result;
}

async function measureWithStalled({ crowd, control, source, door, twin }) {
  const count = SOCKETS / 2;
  await crowd.ask('connect', { url: `${door.gateway.url}/ws/`, count });
  await control.ask('connect', { url: `${twin.gateway.url}/ws/`, count });
  const look = async () => ({
    open: await openSockets(door.wsGateway),
    wsGateway: residentMiB(door.wsGateway.pid),
    gateway: residentMiB(door.gateway.pid),
  });
  const before = await look();
  await crowd.ask('stall', { url: `${door.gateway.url}/ws/`, count: STALLED });
  const began = performance.now();
  const most = { ...before };
  let stalledOpen = STALLED;
  let lastCutAfterSeconds = Number.NaN;
  const isOver = async () => {
    const now = await look();
    for (const [name, value] of Object.entries(now)) most[name] = Math.max(most[name], value);
    if (stalledOpen > 0 && now.open <= count) lastCutAfterSeconds = (performance.now() - began) / 1_000;
    stalledOpen = Math.max(0, now.open - count);
    return stalledOpen === 0;
  };
  const [beside, apart] = await spell([crowd, control], source, { sockets: count, longestMs: CUT_WITHIN_MS, isOver });
  await Promise.all([crowd, control].map((one) => one.ask('leave')));
  return { ...beside, twin: apart, before, most, stalledOpen, lastCutAfterSeconds };
}

/** Asked of the server: a client that reads nothing does not hear of its end. */
async function openSockets({ url }) {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^gpubroker_ws_clients(?:\{[^}]*\})? (\d+)$/m.exec(metrics)?.[1]);
}

/** One stretch of changes, from a quiet start to a quiet end, so that every receipt can be counted. */
async function spell(crowds, source, { sockets, longestMs, isOver = () => Promise.resolve(true) }) {
  await source.ask('start', { perSecond: PER_SECOND });
  await sleep(WARM_MS);
  await source.ask('stop');
  await sleep(SETTLE_MS);
  await Promise.all(crowds.map((crowd) => crowd.ask('begin')));
  await source.ask('start', { perSecond: PER_SECOND });
  const began = performance.now();
  while (performance.now() - began < longestMs) {
    await sleep(1_000);
    if ((await isOver()) && performance.now() - began >= MEASURED_MS) break;
  }
  const { written, commitMs } = await source.ask('stop');
  await sleep(SETTLE_MS);
  const reports = await Promise.all(crowds.map((crowd) => crowd.ask('report')));
  return reports.map((report) => ({ ...report, written, commitMs, missing: written * sockets - report.receipts }));
}

function quantiles(name, { p50, p99, max }, atMost) {
  return [
    { name: `${name}: p50`, value: p50, unit: 'ms' },
    { name: `${name}: p99`, value: p99, unit: 'ms', ...(atMost !== undefined && { atMost }) },
    { name: `${name}: slowest`, value: max, unit: 'ms' },
  ];
}

const inWords = ({ written, receipts, p50, p99, max, missing, commitMs }) =>
  `${written} changes, ${receipts} receipts (${missing} missing), p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, slowest ${max.toFixed(0)} ms, a COMMIT ${commitMs.toFixed(1)} ms`;
