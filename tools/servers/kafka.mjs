/**
 * A real Apache Kafka (one KRaft node on free loopback ports) for the distributed suite and for `node tools/servers/run-kafka.mjs`.
 * Needs java and mvn on the PATH. The broker ends with the process that started it, kill -9 of that process included.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import kafkajs from 'kafkajs';
import { freePorts } from './free-ports.mjs';
import { GuardedProcess } from './guarded-process.mjs';
import { mavenJars } from './maven-jars.mjs';

const run = promisify(execFile);
const VERSION = '4.1.1';
const COORDINATES = [
  `org.apache.kafka:kafka_2.13:${VERSION}`,
  'org.apache.logging.log4j:log4j-core:2.24.3',
  'org.apache.logging.log4j:log4j-slf4j-impl:2.24.3',
];
const READY_WITHIN_MS = 120_000;
const STOP_WITHIN_MS = 20_000;

/** @type {import('./kafka.d.mts').startKafka} */
export async function startKafka({ properties = {}, log = console.log } = {}) {
  const libs = await mavenJars({ name: `kafka-${VERSION}`, coordinates: COORDINATES, log });
  const [port, controllerPort] = await freePorts(2);
  const directory = await mkdtemp(join(tmpdir(), 'gpubroker-kafka-'));
  const brokers = `127.0.0.1:${port}`;
  const server = new KafkaServer({ libs, directory, brokers, log });
  await server.format({ ...loopbackProperties(directory, port, controllerPort), ...properties });
  await server.start();
  log(`Apache Kafka ${VERSION} answers on ${brokers}`);
  return server;
}

class KafkaServer {
  #libs;
  #directory;
  #log;
  #broker = null;

  constructor({ libs, directory, brokers, log }) {
    this.#libs = libs;
    this.#directory = directory;
    this.#log = log;
    this.brokers = brokers;
  }

  get pid() {
    return this.#broker?.pid ?? null;
  }

  async format(properties) {
    const file = join(this.#directory, 'server.properties');
    await writeFile(
      file,
      Object.entries(properties)
        .map(([key, value]) => `${key}=${value}\n`)
        .join(''),
    );
    // Joined to its option: one id in 64 begins with a dash and would be taken for an option itself.
    const clusterId = randomBytes(16).toString('base64url');
    await run('java', [
      '-cp',
      join(this.#libs, '*'),
      'kafka.tools.StorageTool',
      'format',
      `--cluster-id=${clusterId}`,
      '-c',
      file,
    ]);
  }

  /** Starts the broker and waits until an event has gone through it: an open port does not mean that groups can join. */
  async start() {
    await this.#startBroker();
    const deadline = Date.now() + READY_WITHIN_MS;
    for (;;) {
      if (this.#broker === null || this.#broker.hasEnded)
        throw new Error(`Kafka ended while starting:\n${await this.#lastLog()}`);
      try {
        return await roundTrip(this.brokers);
      } catch (error) {
        if (Date.now() > deadline)
          throw new Error(
            `Kafka did not answer within ${READY_WITHIN_MS / 1000} s (${error.message}):\n${await this.#lastLog()}`,
            { cause: error },
          );
        await sleep(300);
      }
    }
  }

  /** kill -9: what a lost machine looks like to the clients. The data stays. */
  async kill() {
    this.#log(`kill -9 ${this.pid} (Kafka)`);
    await this.#end('SIGKILL');
  }

  async restart() {
    await this.#end('SIGTERM');
    await this.start();
  }

  /** Ends the broker and removes its data. */
  async stop() {
    await this.#end('SIGTERM');
    await rm(this.#directory, { recursive: true, force: true, maxRetries: 5 });
  }

  async #startBroker() {
    const options = [
      '-Xmx512m',
      '-XX:TieredStopAtLevel=1',
      '-cp',
      join(this.#libs, '*'),
      'kafka.Kafka',
      join(this.#directory, 'server.properties'),
    ];
    this.#broker = await GuardedProcess.start('java', options, this.#logFile);
  }

  async #end(signal) {
    const broker = this.#broker;
    this.#broker = null;
    await broker?.end(signal, STOP_WITHIN_MS);
  }

  get #logFile() {
    return join(this.#directory, 'broker.log');
  }

  async #lastLog() {
    const text = await readFile(this.#logFile, 'utf8').catch(() => '');
    return text.split('\n').slice(-30).join('\n');
  }
}

function loopbackProperties(directory, port, controllerPort) {
  return {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': join(directory, 'data'),
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 5,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    'auto.create.topics.enable': false,
    // Small, so that a compaction can be seen within a test.
    'log.cleaner.min.compaction.lag.ms': 0,
    'log.cleaner.backoff.ms': 500,
  };
}

/** One event produced and read back through a group, so that the group coordinator is known to be loaded. */
async function roundTrip(brokers) {
  const client = new kafkajs.Kafka({
    clientId: 'readiness',
    brokers: [brokers],
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { retries: 1 },
  });
  const topic = `readiness-${randomBytes(4).toString('hex')}`;
  const [admin, producer, consumer] = [client.admin(), client.producer(), client.consumer({ groupId: topic })];
  try {
    await admin.connect();
    await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: true });
    await producer.connect();
    await producer.send({ topic, messages: [{ value: 'ready' }] });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('the round trip took longer than 10 s')), 10_000);
      const read = async () => {
        clearTimeout(late);
        resolve();
      };
      consumer.run({ eachMessage: read }).catch(reject);
    });
    await consumer.disconnect();
    await admin.deleteGroups([topic]);
    await admin.deleteTopics({ topics: [topic] });
  } finally {
    await Promise.allSettled([consumer.disconnect(), producer.disconnect(), admin.disconnect()]);
  }
}
