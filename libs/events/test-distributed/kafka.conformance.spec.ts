import { describeTransport } from '../test/conformance/describe-transport';
import { KafkaTransport } from '../src/kafka';
import { startKafka, type KafkaServer } from '../../../tools/servers/kafka.mjs';

let kafka: KafkaServer;

beforeAll(async () => {
  kafka = await startKafka();
});

afterAll(async () => {
  await kafka.stop();
});

describeTransport(
  'KafkaTransport',
  (options) => new KafkaTransport({ brokers: [kafka.brokers], clientId: 'conformance', ...options }),
);
