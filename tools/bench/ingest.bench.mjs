/** Ingest of one cloud's 100,000 offers: first sight, nothing changed, every price changed; against SQL alone. */
import { setTimeout as sleep } from 'node:timers/promises';
import { startBenchService } from './bench-service.mjs';
import { makeTwin, writeTwin } from './sql-alone.mjs';
import { median, quantile } from './statistics.mjs';

const OFFERS = 100_000;
const ROUNDS = 5;
const CLOUD = 'bench';

export const title = 'Ingest of 100,000 offers';

export async function run(say) {
  const alone = await withService(async (service) => measureAgainstSql(service, say));
  const busy = await withService(async (service) => measureInService(service, say));
  return report(alone, busy);
}

async function withService(measure) {
  const service = await startBenchService();
  try {
    return await measure(service);
  } finally {
    await service.stop();
  }
}

/** The relay rests: carrying 200,000 events on is work of its own, and of the same two programs. */
async function measureAgainstSql(service, say) {
  const { sql } = service;
  await service.relay(false);
  await makeTwin(sql);
  const alone = async () => {
    await tidy(sql);
    const ms = await writeTwin(sql);
    say(`the same rows by SQL alone: ${shown(ms)}`);
    await tidy(sql);
    return ms;
  };
  const ingest = (name, round) => ingestOnce(service, say, name, round);
  const first = await ingest('first', 0);
  const firstAlone = await alone();
  const changed = [];
  const changedAlone = [];
  const unchanged = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    changed.push(await ingest('all changed', round));
    changedAlone.push(await alone());
    unchanged.push(await ingest('unchanged', round));
  }
  const [{ server_version: postgres }] = (await sql('SHOW server_version')).rows;
  return { first, firstAlone, changed, changedAlone, unchanged, postgres };
}

/** As deployed: the relay carries the events on, and lists are asked for all the time. */
async function measureInService(service, say) {
  await ingestOnce(service, say, 'first, for the service with its relay', 0);
  const [changed, lists] = await Promise.all([
    ingestOnce(service, say, 'all changed, relay and lists running', 1),
    askLists(service),
  ]);
  return { changed, lists };
}

async function ingestOnce(service, say, name, round) {
  const result = await service.ingest(CLOUD, OFFERS, round);
  say(`${name}: ${shown(result.committedMs)}, event loop busy ${result.loop.busyMs.toFixed(0)} ms at most`);
  return result;
}

function report({ first, firstAlone, changed, changedAlone, unchanged, postgres }, busy) {
  const all = [first, ...changed, ...unchanged, busy.changed];
  // Each round against its own limit: what else the machine did is alike within a round and differs between them.
  const ratios = (results) => results.map(({ committedMs }, round) => changedAlone[round] / committedMs);
  const seconds = (results) => median(results.map(({ committedMs }) => committedMs)) / 1000;
  return {
    notes: [
      `One cloud, ${OFFERS.toLocaleString('en-US')} normalised offers, through the service's own sync: fingerprints, comparison, sanity gate, rows, price history and both events of each offer, committed in transactions of 2,000 rows. "SQL alone" is COPY and INSERT … ON CONFLICT of the same rows in one transaction into a table with the same indexes, without history and without events. Medians of ${ROUNDS} alternating rounds, each against SQL alone in the same round, with the relay resting; in the figures "as deployed" it carries the events on at the same time, and a list that no cache has is asked for every 50 ms.`,
      'The event loop is judged by the longest time that its thread itself ran between two turns (Linux schedstat), over every round; the wall clock beside it also holds what other processes of the machine took from it.',
    ],
    versions: { PostgreSQL: postgres },
    figures: [
      { name: 'first: SQL alone ÷ ingest', value: firstAlone / first.committedMs, atLeast: 0.3 },
      { name: 'all changed: SQL alone ÷ ingest', value: median(ratios(changed)), atLeast: 0.4 },
      { name: 'unchanged: SQL alone for all changed ÷ ingest', value: median(ratios(unchanged)), atLeast: 3 },
      { name: 'first', value: first.committedMs / 1000, unit: 's' },
      { name: 'first by SQL alone', value: firstAlone / 1000, unit: 's' },
      { name: 'all changed', value: seconds(changed), unit: 's' },
      { name: 'all changed by SQL alone', value: median(changedAlone) / 1000, unit: 's' },
      { name: 'unchanged', value: seconds(unchanged), unit: 's' },
      { name: 'event loop blocked at most', value: longest(all, 'busyMs'), unit: 'ms', atMost: 50 },
      { name: 'event loop late at most, by the wall clock', value: longest(all, 'lateMs'), unit: 'ms' },
      { name: 'all changed, as deployed', value: busy.changed.committedMs / 1000, unit: 's' },
      { name: 'until lists show all of it, as deployed', value: busy.changed.visibleMs / 1000, unit: 's' },
      { name: 'uncached list meanwhile, p50', value: quantile(busy.lists.ms, 0.5), unit: 'ms' },
      { name: 'uncached list meanwhile, p95', value: quantile(busy.lists.ms, 0.95), unit: 'ms' },
      { name: 'lists that failed meanwhile', value: busy.lists.failed, atMost: 0 },
    ],
  };
}

const longest = (results, figure) => Math.max(...results.map(({ loop }) => loop[figure]));

/** Both tables start each round without dead rows, and the outbox empty. */
async function tidy(sql) {
  await sql('TRUNCATE providers.outbox');
  for (const table of ['gpu_offers', 'gpu_offers_twin', 'price_history']) await sql(`VACUUM public.${table}`);
  await sql('CHECKPOINT');
}

/** One uncached list every 50 ms until the service has been quiet for a second. */
async function askLists({ url }) {
  const ms = [];
  let failed = 0;
  for (let asked = 0, version = null, quiet = 0; quiet < 20; asked += 1) {
    const began = performance.now();
    const response = await fetch(`${url}/api/v2/providers?price_min=0.0${asked}&sort=-gpu_memory_gb`);
    const { meta } = await response.json();
    ms.push(performance.now() - began);
    if (!response.ok) failed += 1;
    quiet = meta?.version === version ? quiet + 1 : 0;
    version = meta?.version;
    await sleep(50);
  }
  return { ms, failed };
}

const shown = (ms) => `${(ms / 1000).toFixed(2)} s`;
