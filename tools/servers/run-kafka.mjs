/** Runs a real Kafka until Ctrl-C: `node tools/servers/run-kafka.mjs`, then start a service with the KAFKA_BROKERS it prints. */
import { startKafka } from './kafka.mjs';
import { untilInterrupted } from './until-interrupted.mjs';

const server = await startKafka();
console.log(`KAFKA_BROKERS=${server.brokers}`);
untilInterrupted(server);
