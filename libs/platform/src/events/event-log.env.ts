import { z } from 'zod';
import { list } from '../config/env-fragments';

/** Where events travel: read by every service that writes or handles them. */
export const eventLogEnv = {
  KAFKA_BROKERS: list('').describe('Kafka brokers, host:port each, comma-separated; unset: the log in PostgreSQL'),
  EVENTS_DATABASE_URL: z
    .url()
    .optional()
    .describe('PostgreSQL of the event log, the same for every service; unset: DATABASE_URL'),
  DATABASE_URL: z.url().optional().describe('PostgreSQL of every service that has no URL of its own'),
  DATABASE_DIRECT_URL: z.url().optional().describe('PostgreSQL past the pooler, for LISTEN and session locks'),
};

export interface EventLogConfig {
  /** Empty: the log is in PostgreSQL. */
  readonly kafkaBrokers: readonly string[];
  /** null only with Kafka. */
  readonly databaseUrl: string | null;
  /** Past the pooler. */
  readonly databaseDirectUrl: string | null;
}

type Values = { readonly [Name in keyof typeof eventLogEnv]?: z.output<(typeof eventLogEnv)[Name]> | undefined };

/** @param ownDatabaseUrl of the service, where neither EVENTS_DATABASE_URL nor DATABASE_URL is set */
export function toEventLogConfig(values: Values, ownDatabaseUrl: string | null): EventLogConfig {
  const kafkaBrokers = values.KAFKA_BROKERS ?? [];
  if (kafkaBrokers.length > 0) return { kafkaBrokers, databaseUrl: null, databaseDirectUrl: null };
  const databaseUrl = values.EVENTS_DATABASE_URL ?? values.DATABASE_URL ?? ownDatabaseUrl;
  return {
    kafkaBrokers,
    databaseUrl,
    databaseDirectUrl: values.EVENTS_DATABASE_URL ?? values.DATABASE_DIRECT_URL ?? databaseUrl,
  };
}
