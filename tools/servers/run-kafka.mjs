/** Runs a real Kafka until Ctrl-C: `node tools/servers/run-kafka.mjs`, then start a service with the KAFKA_BROKERS it prints. */
import { startKafka } from './kafka.mjs';

const server = await startKafka();
console.log(`KAFKA_BROKERS=${server.brokers}\nCtrl-C stops it and removes its data.`);
const forever = setInterval(() => undefined, 3_600_000);
const stop = () => {
  clearInterval(forever);
  void server.stop();
};
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
