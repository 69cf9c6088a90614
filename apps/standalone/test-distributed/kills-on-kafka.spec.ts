/**
 * Nothing is lost when processes die, with Apache Kafka as the log: as in kills.spec.ts, and the broker itself is killed
 * with -9 five times and started again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { startKafka, type KafkaServer } from '../../../tools/servers/kafka.mjs';
import { killEverything, type KillRun } from './support/kill-run';
import { nothingIsLost } from './support/nothing-is-lost';
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

nothingIsLost('processes and a broker that are', () => run);
