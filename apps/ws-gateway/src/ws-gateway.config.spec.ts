import { wsGatewayService } from './index';

const load = (env: Record<string, string>) => wsGatewayService.loadConfig(env).own;

it('follows the log in PostgreSQL, past the pooler where one is named', () => {
  expect(load({ DATABASE_URL: 'postgres://a/b', DATABASE_DIRECT_URL: 'postgres://c/d' }).events).toEqual({
    kafkaBrokers: [],
    databaseUrl: 'postgres://a/b',
    databaseDirectUrl: 'postgres://c/d',
  });
});

it('follows Kafka where brokers are named, without a database', () => {
  expect(load({ KAFKA_BROKERS: 'one:9092, two:9092' }).events).toMatchObject({
    kafkaBrokers: ['one:9092', 'two:9092'],
    databaseUrl: null,
  });
});

it('refuses to start with neither', () => {
  expect(() => load({})).toThrow(/DATABASE_URL: is required/);
});

it('has the limits of the specification by default', () => {
  expect(load({ DATABASE_URL: 'postgres://a/b' })).toMatchObject({
    anonymousPerAddress: 50,
    heartbeatMs: 30_000,
    queueBytes: 1_048_576,
    stallMs: 10_000,
    replayEvents: 10_000,
    replayMs: 600_000,
  });
});
