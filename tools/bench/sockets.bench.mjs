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
    const [crowd, bare] = [await child(own('socket-crowd.mjs')), await child(own('bare-broadcast.mjs'))];
    const { providers, wsGateway, gateway } = await startServices(writer.first.url, services);
    await untilMigrated(writer);

    const alone = await measure(crowd, bare, `${bare.first.url}/`);
    say(`bare ws: ${inWords(alone)}`);
    const straight = await measure(crowd, writer, `${wsGateway.url}/ws/`);
    say(`straight to ws-gateway: ${inWords(straight)}`);
    const through = await measure(crowd, writer, `${gateway.url}/ws/`);
    say(`through the API gateway: ${inWords(through)}`);
    const look = async () => ({
      open: await openSockets(wsGateway),
      wsGateway: residentMiB(wsGateway.pid),
      gateway: residentMiB(gateway.pid),
    });
    const stalled = await measureWithStalled(crowd, writer, `${gateway.url}/ws/`, look);
    say(
      `with ${STALLED} that stop reading: ${inWords(stalled)}, the last was cut after ${stalled.lastCutAfterSeconds.toFixed(0)} s`,
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
        ...quantiles(`with ${STALLED} sockets that stop reading, the others`, stalled, P99_MS),
        {
          name: 'p99 of the others, later than that of the worse of the 15 s before and after',
          value: stalled.p99 - stalled.without,
          unit: 'ms',
          atMost: DELAY_MS,
        },
        { name: 'receipts missing at the others', value: stalled.missing + stalled.cut, atMost: 0 },
        { name: 'stopped sockets not cut', value: stalled.stalledOpen, atMost: 0 },
        { name: 'the last of them cut after', value: stalled.lastCutAfterSeconds, unit: 's' },
        { name: 'memory of ws-gateway before, with 1,000 sockets', value: stalled.before.wsGateway, unit: 'MiB' },
        {
          name: 'memory of ws-gateway, most while they stood',
          value: stalled.most.wsGateway,
          unit: 'MiB',
          atMost: stalled.before.wsGateway + STALLED + SLACK_MIB,
        },
        { name: 'memory of the API gateway before, with 1,000 sockets', value: stalled.before.gateway, unit: 'MiB' },
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

async function startServices(databaseUrl, started) {
  const [providersPort, wsPort, gatewayPort] = await freePorts(3);
  const logs = mkdtempSync(join(tmpdir(), 'gpubroker-bench-logs-'));
  const start = async (name, port, env) => {
    const file = resolve('apps', name, OUTFILE);
    const service = await startService(file, {
      port,
      log: join(logs, `${name}.log`),
      env: { HOST: '127.0.0.1', LOG_LEVEL: 'warn', DATABASE_URL: databaseUrl, ...env },
    });
    started.unshift(service);
    return service;
  };
  const providers = await start('providers', providersPort, { ...noCloud(), PROVIDERS_PORT: String(providersPort) });
  const wsGateway = await start('ws-gateway', wsPort, {
    WS_GATEWAY_PORT: String(wsPort),
    WS_ANONYMOUS_PER_IP: String(SOCKETS + STALLED + 10),
  });
  const gateway = await start('api-gateway', gatewayPort, {
    PORT: String(gatewayPort),
    WS_GATEWAY_URL: wsGateway.url,
    PROVIDERS_URL: providers.url,
    RATE_LIMIT_IP_PER_MINUTE: '0',
  });
  return { providers, wsGateway, gateway };
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
  const result = await spell(crowd, source, MEASURED_MS);
  await crowd.ask('leave');
  await sleep(SETTLE_MS);
  return result;
}

async function measureWithStalled(crowd, source, url, look) {
  await crowd.ask('connect', { url, count: SOCKETS });
  const earlier = await spell(crowd, source, MEASURED_MS);
  const before = await look();
  await crowd.ask('stall', { url, count: STALLED });
  const began = performance.now();
  const most = { ...before };
  let stalledOpen = STALLED;
  let lastCutAfterSeconds = Number.NaN;
  const isOver = async () => {
    const now = await look();
    for (const [name, value] of Object.entries(now)) most[name] = Math.max(most[name], value);
    if (stalledOpen > 0 && now.open <= SOCKETS) lastCutAfterSeconds = (performance.now() - began) / 1_000;
    stalledOpen = Math.max(0, now.open - SOCKETS);
    return stalledOpen === 0;
  };
  const result = await spell(crowd, source, CUT_WITHIN_MS, isOver);
  const later = await spell(crowd, source, MEASURED_MS);
  await crowd.ask('leave');
  // The same sockets just before and just after: a machine that others use changes from minute to minute.
  const without = Math.max(earlier.p99, later.p99);
  return { ...result, without, before, most, stalledOpen, lastCutAfterSeconds };
}

/** Asked of the server: a client that reads nothing does not hear of its end. */
async function openSockets({ url }) {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^gpubroker_ws_clients(?:\{[^}]*\})? (\d+)$/m.exec(metrics)?.[1]);
}

/** One stretch of changes, from a quiet start to a quiet end, so that every receipt can be counted. */
async function spell(crowd, source, longestMs, isEnough = () => Promise.resolve(false)) {
  await source.ask('start', { perSecond: PER_SECOND });
  await sleep(WARM_MS);
  await source.ask('stop');
  await sleep(SETTLE_MS);
  await crowd.ask('begin');
  await source.ask('start', { perSecond: PER_SECOND });
  const began = performance.now();
  while (performance.now() - began < longestMs) {
    await sleep(1_000);
    if ((await isEnough()) && performance.now() - began >= MEASURED_MS) break;
  }
  const { written, commitMs } = await source.ask('stop');
  await sleep(SETTLE_MS);
  const report = await crowd.ask('report');
  return { ...report, written, commitMs, missing: written * SOCKETS - report.receipts };
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
