/** The list over 100,000 offers: questions nobody asked before, and one that everybody asks, through the gateway. */
import { createRequire } from 'node:module';
import { startBenchGateway } from './bench-gateway.mjs';
import { startBenchService } from './bench-service.mjs';
import { startBareServer } from './bare-server.mjs';
import { hasWrk, requestsPerSecond } from './load.mjs';
import { randomQueries } from './random-queries.mjs';
import { median, quantile } from './statistics.mjs';

const CLOUDS = 10;
const OFFERS_PER_CLOUD = 10_000;
const QUESTIONS = 1_000;
const TEXTS = ['h100', 'rtx 4090', 'a100 80gb', 'utah', 'mi300x', 'cloud-3', 'h10', 'paris', 'l40s', 'tokyo l4'];
const ROUNDS = 5;
const LOAD = { connections: 16, seconds: 2 };

export const title = 'List of 100,000 offers';

export async function run(say) {
  const service = await startBenchService();
  try {
    await service.relay(false);
    for (let cloud = 1; cloud <= CLOUDS; cloud += 1) await service.ingest(`cloud-${cloud}`, OFFERS_PER_CLOUD, cloud);
    await service.sql('TRUNCATE providers.outbox');
    say(`${CLOUDS * OFFERS_PER_CLOUD} offers are listed`);
    const uncached = await uncachedLists(service, say);
    const texts = await textLists(service, say);
    const gateway = await throughGateway(service, say);
    return report({ uncached, texts, gateway });
  } finally {
    await service.stop();
  }
}

async function uncachedLists(service, say) {
  const list = `${service.url}/api/v2/providers`;
  for (const query of randomQueries(100, 99)) await timed(`${list}?${query}`);
  await service.loop();
  const ms = [];
  for (const query of randomQueries(QUESTIONS)) ms.push(await timed(`${list}?${query}`));
  const { busyMs } = await service.loop();
  const kept = [];
  for (const query of randomQueries(QUESTIONS)) kept.push(await timed(`${list}?${query}`));
  say(`uncached p50 ${quantile(ms, 0.5).toFixed(1)} ms, p99 ${quantile(ms, 0.99).toFixed(1)} ms`);
  return { ms, kept, busyMs };
}

async function textLists({ url }, say) {
  const ms = [];
  for (const text of TEXTS) ms.push(await timed(`${url}/api/v2/providers?q=${encodeURIComponent(text)}`));
  say(`with q: p50 ${quantile(ms, 0.5).toFixed(1)} ms`);
  return ms;
}

async function timed(url) {
  const began = performance.now();
  const response = await fetch(url);
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return performance.now() - began;
}

/** Alternating, so that whatever else the machine does meets both. */
async function throughGateway(service, say) {
  const gateway = await startBenchGateway(service);
  try {
    const url = `${gateway.url}/api/v2/providers`;
    const answer = await fetch(url);
    const bare = await startBareServer({ body: await answer.text(), type: answer.headers.get('content-type') });
    try {
      return await alternate(url, bare.url, say);
    } finally {
      await bare.stop();
    }
  } finally {
    await gateway.stop();
  }
}

async function alternate(gateway, bare, say) {
  const rates = { gateway: [], bare: [] };
  for (const url of [gateway, bare]) await requestsPerSecond(url, LOAD);
  for (let round = 0; round < ROUNDS; round += 1) {
    rates.gateway.push(await requestsPerSecond(gateway, LOAD));
    rates.bare.push(await requestsPerSecond(bare, LOAD));
    say(`gateway ${rates.gateway.at(-1).toFixed(0)} /s, bare Fastify ${rates.bare.at(-1).toFixed(0)} /s`);
  }
  return { gateway: median(rates.gateway), bare: median(rates.bare) };
}

function report({ uncached, texts, gateway }) {
  return {
    notes: [
      `${CLOUDS} clouds of ${OFFERS_PER_CLOUD.toLocaleString('en-US')} offers each. Uncached: ${QUESTIONS.toLocaleString('en-US')} random filter sets with random sorts and pages, no two alike, one after the other over HTTP against the service; then the same ones again, which its cache has. \`q\` is answered by PostgreSQL over the distinct texts and is measured by itself.`,
      `Through the gateway: the unfiltered first page, kept by the gateway, limits running, against a bare Fastify server of one process that sends the same bytes; ${LOAD.connections} connections, ${LOAD.seconds} s each, alternating, median of ${ROUNDS} (${hasWrk ? 'wrk' : 'own load loop, wrk is not installed'}).`,
    ],
    versions: { Fastify: createRequire(import.meta.url)('fastify/package.json').version },
    figures: [
      { name: 'uncached, p50', value: quantile(uncached.ms, 0.5), unit: 'ms', atMost: 5 },
      { name: 'uncached, p99', value: quantile(uncached.ms, 0.99), unit: 'ms', atMost: 25 },
      { name: 'event loop blocked at most meanwhile', value: uncached.busyMs, unit: 'ms', atMost: 50 },
      { name: "from the service's cache, p50", value: quantile(uncached.kept, 0.5), unit: 'ms' },
      { name: 'with q, p50', value: quantile(texts, 0.5), unit: 'ms' },
      { name: 'with q, slowest', value: Math.max(...texts), unit: 'ms' },
      { name: 'cached through the gateway ÷ bare Fastify', value: gateway.gateway / gateway.bare, atLeast: 0.3 },
      { name: 'cached through the gateway', value: gateway.gateway, unit: '/s' },
      { name: 'bare Fastify', value: gateway.bare, unit: '/s' },
    ],
  };
}
