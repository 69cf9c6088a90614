/**
 * Nothing is lost when processes die, with Apache Kafka as the log and the broker killed too. The services run as processes of their own; providers (the
 * relay is in it), a kpi-like consumer and one of two replicas of ws-gateway are killed with -9 while prices move, the
 * relay's database session is ended, one of two sockets loses its connection every few seconds, and the broker itself is
 * killed with -9 five times and started again.
 *
 * Compared, when every cloud has been read through again and the outbox is empty:
 * - price_history and the distinct records of the topic: per offer, in order, price and availability;
 * - event ids: the log's distinct ones, what the consumer handled (in a table without a unique key), what the socket that
 *   was always open (through the API gateway) got, and what the socket that resumes by `last_event_id` got;
 * - the order per offer at the consumer and at the socket that was always open. The resuming socket has none to compare:
 *   between its connecting and its resuming it is sent what is newer than the gap.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { startKafka, type KafkaServer } from '../../../tools/servers/kafka.mjs';
import { courses, difference, SAME } from './support/compare';
import { killEverything, sightings, type KillRun } from './support/kill-run';
import { PriceSystem } from './support/price-system';

const BROKER_KILLS = 5;
const BROKER_LIFE_MS = { least: 5_000, most: 20_000 };

let kafka: KafkaServer;
let system: PriceSystem;
let run: KillRun;

beforeAll(async () => {
  kafka = await startKafka();
  system = await PriceSystem.open({ kafkaBrokers: [kafka.brokers] });
  run = await killEverything(system, killBroker);
  console.log(`Apache Kafka\n${run.report}`);
});

async function killBroker(): Promise<string> {
  for (let kills = 0; kills < BROKER_KILLS; kills += 1) {
    const { least, most } = BROKER_LIFE_MS;
    await sleep(least + Math.random() * (most - least));
    await kafka.kill();
    await sleep(Math.random() * 1_000);
    await kafka.start();
  }
  return `, broker ${BROKER_KILLS}`;
}

afterAll(async () => {
  await system.close();
  await kafka.stop();
});

describe('processes and a broker that are killed again and again while prices move', () => {
  it('write every price change and its event, or neither', () => {
    expect(courses(run.published)).toEqual(courses(run.history));
    expect(run.published).toHaveLength(run.history.length);
  });

  it('have the consumer handle each event once, in the order of its offer', () => {
    expect(difference(run.published, run.handled)).toEqual(SAME);
    expect(run.handled).toHaveLength(run.published.length);
    expect(courses(run.handled)).toEqual(courses(run.history));
  });

  it('leave nothing out for a socket that stays open, in the order of each offer', () => {
    expect(difference(run.published, sightings(run.alwaysOpen))).toEqual(SAME);
    expect(courses(sightings(run.alwaysOpen))).toEqual(courses(run.history));
    expect(run.alwaysOpen.connections).toBe(1);
  });

  it('leave nothing out for a socket that resumes', () => {
    expect(run.resuming.snapshots).toBe(0);
    expect(difference(run.published, sightings(run.resuming))).toEqual(SAME);
  });
});
