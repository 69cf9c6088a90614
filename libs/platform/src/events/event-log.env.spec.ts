import { z } from 'zod';
import { loadEnv } from '../config/load-env';
import { eventLogEnv, toEventLogConfig } from './event-log.env';

const read = (env: Record<string, string>, own: string | null = null) =>
  toEventLogConfig(loadEnv('tiny', z.object(eventLogEnv), env), own);

describe('where events travel', () => {
  it('is Kafka as soon as brokers are named, whatever databases there are', () => {
    expect(read({ KAFKA_BROKERS: 'a:9092, b:9092', DATABASE_URL: 'postgres://h/d' })).toEqual({
      kafkaBrokers: ['a:9092', 'b:9092'],
      databaseUrl: null,
      databaseDirectUrl: null,
    });
  });

  it.each<[string, Record<string, string>, string | null, string | null, string | null]>([
    ['the common database', { DATABASE_URL: 'postgres://h/d' }, null, 'postgres://h/d', 'postgres://h/d'],
    [
      'past the pooler for LISTEN',
      { DATABASE_URL: 'postgres://pool/d', DATABASE_DIRECT_URL: 'postgres://h/d' },
      null,
      'postgres://pool/d',
      'postgres://h/d',
    ],
    [
      'a database of its own before the common one',
      { EVENTS_DATABASE_URL: 'postgres://e/d', DATABASE_URL: 'postgres://h/d', DATABASE_DIRECT_URL: 'postgres://h/x' },
      null,
      'postgres://e/d',
      'postgres://e/d',
    ],
    ["the service's own when no other is named", {}, 'postgres://own/d', 'postgres://own/d', 'postgres://own/d'],
    ['nowhere without any', {}, null, null, null],
  ])('is %s', (_case, env, own, databaseUrl, databaseDirectUrl) => {
    expect(read(env, own)).toEqual({ kafkaBrokers: [], databaseUrl, databaseDirectUrl });
  });
});
