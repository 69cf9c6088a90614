/**
 * Two replicas of ws-gateway and two kpi-like consumers of one group on Apache Kafka, as processes of their own, while
 * prices move. One consumer is killed with -9, comes back, is stopped in order, and comes back: four rebalances.
 *
 * Compared, when everything has been written and read: event ids of the topic's distinct records with those that a socket
 * at each replica got, and with those that the group handled (in a table without a unique key, so that doubles show).
 * Order is not compared: two members write into one table.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@gpubroker/testing/eventually';
import { startKafka, type KafkaServer } from '../../../tools/servers/kafka.mjs';
import { difference, distinct, SAME } from './support/compare';
import { toSighting, type Sighting } from './support/ledger';
import type { PriceSocket } from './support/price-socket';
import { PriceSystem } from './support/price-system';

const BETWEEN_MS = 3_000;

let kafka: KafkaServer;
let system: PriceSystem;
let sockets: readonly PriceSocket[];
let published: readonly Sighting[];
let handled: readonly (Sighting & { readonly member: string })[];

beforeAll(async () => {
  kafka = await startKafka();
  system = await PriceSystem.open({ kafkaBrokers: [kafka.brokers] });
  const [one, other, leaving] = await Promise.all([
    system.wsGateway(),
    system.wsGateway(),
    system.consumer({ CONSUMER_MEMBER: 'leaving' }),
    system.consumer({ CONSUMER_MEMBER: 'staying' }),
  ]);
  sockets = await Promise.all([system.socket(one), system.socket(other)]);
  await system.providers.start();
  system.market.move();

  await sleep(BETWEEN_MS);
  await leaving.kill();
  await leaving.start();
  await sleep(BETWEEN_MS);
  await leaving.stop();
  await sleep(BETWEEN_MS);
  await leaving.start();
  await sleep(BETWEEN_MS);

  await system.market.halt();
  await system.ledger.untilAllIsWritten();
  published = distinct(await system.ledger.published());
  await eventually(
    async () => [await system.ledger.handledCount(), ...sockets.map(({ seen }) => seen.size)],
    (counts) => counts.every((count) => count >= published.length),
    { timeoutMs: 60_000 },
  ).catch(() => undefined);
  handled = await system.ledger.handled();
  const by = (name: string) => handled.filter(({ member }) => member === name).length;
  console.log(
    `${published.length} events; sockets ${sockets.map(({ seen }) => seen.size).join(' and ')}; ` +
      `handled by the member that stayed ${by('staying')}, by the one that left and came back ${by('leaving')}; ` +
      `${(await system.ledger.deliveredCount()) - handled.length} deliveries more than events`,
  );
});

afterAll(async () => {
  await system.close();
  await kafka.stop();
});

describe('two replicas and two members of a group, through rebalances', () => {
  it('deliver everything at each replica', () => {
    for (const socket of sockets) {
      expect(difference(published, [...socket.seen.values()].map(toSighting))).toEqual(SAME);
      expect(socket.connections).toBe(1);
    }
  });

  it('handle each event once in the group', () => {
    expect(difference(published, handled)).toEqual(SAME);
    expect(handled).toHaveLength(published.length);
  });

  it('share the work', () => {
    expect(new Set(handled.map(({ member }) => member))).toEqual(new Set(['leaving', 'staying']));
  });
});
