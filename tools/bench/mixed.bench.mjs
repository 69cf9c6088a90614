/** What a busy day looks like: 200 requests a second of every public kind through the gateway, while clouds are read. */
import { setTimeout as sleep } from 'node:timers/promises';
import { startBenchGateway } from './bench-gateway.mjs';
import { startBenchService } from './bench-service.mjs';
import { randomQueries } from './random-queries.mjs';
import { quantile } from './statistics.mjs';

const CLOUDS = 10;
const OFFERS_PER_CLOUD = 10_000;
const RATE = 200;
const SECONDS = 30;
/** Of 20 requests: pages that many look at, lists nobody asked before, one offer, its history, the clouds, a text. */
const MIX = { popular: 10, fresh: 4, detail: 3, history: 1, clouds: 1, text: 1 };
const POPULAR = 40;
const TEXTS = ['h100', 'rtx 4090', 'a100 80gb', 'mi300x', 'paris'];

export const title = 'Mixed load while clouds are read';

export async function run(say) {
  const service = await startBenchService();
  try {
    for (let cloud = 1; cloud <= CLOUDS; cloud += 1) await service.ingest(`cloud-${cloud}`, OFFERS_PER_CLOUD, cloud);
    const gateway = await startBenchGateway(service);
    try {
      const paths = await requestPaths(gateway.url);
      await atRate(gateway.url, paths.slice(0, RATE * 3));
      const quiet = await atRate(gateway.url, paths);
      say(`nothing is read: p95 ${quantile(quiet.ms, 0.95).toFixed(1)} ms`);
      const busy = await whileIngesting(service, () => atRate(gateway.url, paths));
      say(`clouds are read: p95 ${quantile(busy.ms, 0.95).toFixed(1)} ms, ${busy.changed} prices changed meanwhile`);
      return report(quiet, busy);
    } finally {
      await gateway.stop();
    }
  } finally {
    await service.stop();
  }
}

/** One path per request, the kinds evenly mixed. */
async function requestPaths(url) {
  const { items } = await fetch(`${url}/api/v2/providers?per_page=100`).then((response) => response.json());
  const ids = items.map(({ id }) => id);
  const queries = randomQueries(RATE * SECONDS, 7);
  const kinds = Object.entries(MIX).flatMap(([kind, share]) => Array(share).fill(kind));
  const pathOf = {
    popular: (at) => `/api/v2/providers?${queries[at % POPULAR]}`,
    fresh: (at) => `/api/v2/providers?${queries[at]}`,
    detail: (at) => `/api/v2/providers/${ids[at % ids.length]}`,
    history: (at) => `/api/v2/providers/${ids[at % ids.length]}/history`,
    clouds: () => '/api/v2/providers/list',
    text: (at) => `/api/v2/providers?q=${encodeURIComponent(TEXTS[at % TEXTS.length])}`,
  };
  // A stride without a common divisor takes the kinds in turn instead of one block after the other.
  return Array.from({ length: RATE * SECONDS }, (_, at) => pathOf[kinds[(at * 7) % kinds.length]](at));
}

/** Sent when each is due, whether or not earlier ones were answered: a slow answer must not lower the load. */
async function atRate(url, paths) {
  const ms = [];
  const failures = [];
  const began = performance.now();
  const open = [];
  for (const [at, path] of paths.entries()) {
    const due = began + (at * 1000) / RATE;
    const wait = due - performance.now();
    if (wait > 0) await sleep(wait);
    open.push(
      ask(url + path, due).then(
        (took) => ms.push(took),
        (error) => failures.push(error.message),
      ),
    );
  }
  const sentMs = performance.now() - began;
  await Promise.all(open);
  return { ms, failures, rate: (paths.length * 1000) / sentMs };
}

/** Measured from when it was due, so that a request the sender was late with counts its waiting too. */
async function ask(url, due) {
  const response = await fetch(url);
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${response.status} ${url}`);
  return performance.now() - due;
}

async function whileIngesting(service, work) {
  let done = false;
  let changed = 0;
  const ingesting = (async () => {
    for (let round = CLOUDS + 1; !done; round += 1) {
      await service.ingest(`cloud-${(round % CLOUDS) + 1}`, OFFERS_PER_CLOUD, round);
      changed += OFFERS_PER_CLOUD;
    }
  })();
  const result = await work();
  done = true;
  await ingesting;
  return { ...result, changed };
}

function report(quiet, busy) {
  const times = (name, { ms }) =>
    [0.5, 0.99].map((share) => ({ name: `${name}, p${share * 100}`, value: quantile(ms, share), unit: 'ms' }));
  return {
    notes: [
      `${CLOUDS} clouds of ${OFFERS_PER_CLOUD.toLocaleString('en-US')} offers; ${RATE} requests a second for ${SECONDS} s, each sent when it is due: of 20, ${MIX.popular} lists out of ${POPULAR} that many ask for, ${MIX.fresh} that nobody asked before, ${MIX.detail} single offers, ${MIX.history} price history, ${MIX.clouds} list of clouds, ${MIX.text} text search. Gateway, providers, PostgreSQL and the sender share the machine. While clouds are read, one cloud after the other changes all its ${OFFERS_PER_CLOUD.toLocaleString('en-US')} prices without a pause, and the relay carries the events on.`,
    ],
    figures: [
      { name: 'while clouds are read, p95', value: quantile(busy.ms, 0.95), unit: 'ms', atMost: 200 },
      ...times('while clouds are read', busy),
      { name: 'nothing is read, p95', value: quantile(quiet.ms, 0.95), unit: 'ms', atMost: 200 },
      ...times('nothing is read', quiet),
      { name: 'answers other than 200', value: busy.failures.length + quiet.failures.length, atMost: 0 },
      { name: 'requests a second, sent', value: busy.rate, atLeast: RATE * 0.98 },
      { name: 'prices changed meanwhile', value: busy.changed },
    ],
  };
}
