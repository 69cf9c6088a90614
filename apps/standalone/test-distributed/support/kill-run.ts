import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@gpubroker/testing/eventually';
import { distinct } from './compare';
import { endRelaySessions, killProviders, killAtRandom } from './killer';
import { toSighting, type Change, type Sighting } from './ledger';
import type { PriceSocket } from './price-socket';
import type { PriceSystem } from './price-system';

export interface KillRun {
  readonly history: readonly Change[];
  /** Records of the log, in its order, repeated ones left out. */
  readonly published: readonly Sighting[];
  readonly handled: readonly Sighting[];
  readonly alwaysOpen: PriceSocket;
  readonly resuming: PriceSocket;
  readonly report: string;
}

const PROVIDERS_KILLS = 50;
const OTHER_KILLS = 10;
/** On average; the consumer dies while providers does, the replica and the relay's sessions after that. */
const CONSUMER_LIFE_MS = 10_000;
const REPLICA_LIFE_MS = 4_000;
const DROP_EVERY_MS = 3_000;

/** Everything runs, prices move, and everything but the first socket's way is killed; then it is waited for, and counted. */
export async function killEverything(system: PriceSystem, meanwhile: () => Promise<string>): Promise<KillRun> {
  const [steady, shaky, consumer] = await Promise.all([system.wsGateway(), system.wsGateway(), system.consumer()]);
  const door = await system.apiGateway(steady);
  const [alwaysOpen, resuming] = await Promise.all([system.socket(door), system.socket(shaky)]);
  await system.providers.start();
  await eventually(
    () => system.ledger.historyCount(),
    (changes) => changes > 0,
  );
  system.market.move();

  const enough = new AbortController();
  const dropping = dropNowAndThen(resuming, enough.signal);
  const [count, also] = await Promise.all([
    killProviders(system.providers, system.ledger, system.databaseUrl, PROVIDERS_KILLS),
    meanwhile(),
    killAtRandom(consumer, OTHER_KILLS, CONSUMER_LIFE_MS),
  ]);
  const [sessions] = await Promise.all([
    endRelaySessions(system.ledger, OTHER_KILLS),
    killAtRandom(shaky, OTHER_KILLS, REPLICA_LIFE_MS),
  ]);
  enough.abort();
  const drops = await dropping;

  await system.market.halt();
  await system.ledger.untilAllIsWritten();
  const begun = performance.now();
  const records = await system.ledger.published();
  const published = distinct(records);
  await arrivals(system, [alwaysOpen, resuming], published.length);
  const caughtUpMs = performance.now() - begun;
  const [history, handled, deliveries] = await Promise.all([
    system.ledger.history(),
    system.ledger.handled(),
    system.ledger.deliveredCount(),
  ]);
  const report = [
    `${history.length} price changes; kill -9: providers ${count.kills} (${count.withEventsWaiting} with committed events not relayed yet),`,
    `consumer ${consumer.kills}, ws-gateway ${shaky.kills}${also}; relay sessions ended ${sessions}`,
    `log: ${records.length - published.length} records twice · consumer: ${deliveries - handled.length} deliveries more than events`,
    `always open socket: ${alwaysOpen.connections} connection, ${alwaysOpen.repeated} repeats`,
    `resuming socket: ${resuming.connections} connections (${drops} dropped by itself), ${resuming.resumes} resumes,`,
    `${resuming.snapshots} snapshot_required, ${resuming.repeated} repeats · caught up after ${(caughtUpMs / 1_000).toFixed(1)} s`,
  ].join('\n');
  return { history, published, handled, alwaysOpen, resuming, report };
}

export const sightings = (socket: PriceSocket): Sighting[] => [...socket.seen.values()].map(toSighting);

async function dropNowAndThen(socket: PriceSocket, enough: AbortSignal): Promise<number> {
  let drops = 0;
  while (!enough.aborted) {
    await sleep(Math.random() * 2 * DROP_EVERY_MS, undefined, { signal: enough }).catch(() => undefined);
    if (socket.drop()) drops += 1;
  }
  return drops;
}

/** Does not throw when somebody never gets there: the comparison says better what is missing. */
async function arrivals(system: PriceSystem, sockets: readonly PriceSocket[], events: number): Promise<void> {
  await eventually(
    async () => [await system.ledger.handledCount(), ...sockets.map(({ seen }) => seen.size)],
    (counts) => counts.every((count) => count >= events),
    { timeoutMs: 60_000, everyMs: 100 },
  ).catch(() => undefined);
}
