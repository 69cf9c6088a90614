import { tokenEnv, toTokenTrust, type TokenTrust } from '@gpubroker/platform/auth';
import { ConfigError, positiveInt } from '@gpubroker/platform/config';
import { eventLogEnv, toEventLogConfig, type EventLogConfig } from '@gpubroker/platform/events';
import type { ServiceEnv } from '@gpubroker/platform/service';
import { z } from 'zod';

export const wsGatewayEnv = {
  ...eventLogEnv,
  ...tokenEnv,
  WS_ANONYMOUS_PER_IP: positiveInt(50).describe('Sockets that clients without a token may hold per address'),
  WS_MAX_CLIENTS: positiveInt(10_000).describe('Sockets that one replica of ws-gateway takes'),
  WS_HEARTBEAT_MS: positiveInt(30_000).describe('Time between two heartbeats of a socket, in ms'),
  WS_QUEUE_BYTES: positiveInt(1_048_576).describe('Bytes that may wait for a slow socket before it is cut'),
  WS_STALL_MS: positiveInt(10_000).describe('How long a socket may take nothing of what waits for it, in ms'),
  WS_REPLAY_EVENTS: positiveInt(10_000).describe('Price changes that are kept for sockets that come back'),
  WS_REPLAY_MS: positiveInt(600_000).describe('How far back a starting replica reads the log for them, in ms'),
};

export class WsGatewayConfig {
  readonly events!: EventLogConfig;
  readonly trust!: TokenTrust;
  /** Origin of auth, which knows how many sockets a tenant may have. */
  readonly authUrl!: string;
  /** Replicas that share the limits; each gives out its part while Redis is away. */
  readonly replicas!: number;
  /** Empty: pages of any origin may connect. */
  readonly allowedOrigins!: readonly string[];
  readonly anonymousPerAddress!: number;
  readonly maxClients!: number;
  readonly heartbeatMs!: number;
  readonly queueBytes!: number;
  readonly stallMs!: number;
  readonly replayEvents!: number;
  readonly replayMs!: number;
}

const LOCAL_AUTH = 'http://127.0.0.1:8101';

type Values = z.output<z.ZodObject<typeof wsGatewayEnv>> &
  Pick<ServiceEnv, 'CORS_ALLOWED_ORIGINS' | 'NODE_ENV' | 'REPLICAS'>;

/** @throws ConfigError when neither log can be reached */
export function toWsGatewayConfig(values: Values): WsGatewayConfig {
  const events = toEventLogConfig(values, null);
  if (events.databaseUrl === null && events.kafkaBrokers.length === 0) {
    throw new ConfigError('ws-gateway', [
      { variable: 'DATABASE_URL', message: 'is required and not set (or KAFKA_BROKERS, where events travel by Kafka)' },
    ]);
  }
  return {
    events,
    trust: toTokenTrust('ws-gateway', values),
    authUrl: values.AUTH_URL ?? LOCAL_AUTH,
    replicas: values.REPLICAS,
    allowedOrigins: values.CORS_ALLOWED_ORIGINS,
    anonymousPerAddress: values.WS_ANONYMOUS_PER_IP,
    maxClients: values.WS_MAX_CLIENTS,
    heartbeatMs: values.WS_HEARTBEAT_MS,
    queueBytes: values.WS_QUEUE_BYTES,
    stallMs: values.WS_STALL_MS,
    replayEvents: values.WS_REPLAY_EVENTS,
    replayMs: values.WS_REPLAY_MS,
  };
}
