import { z } from 'zod';
import type { CircuitRule } from '@gpubroker/circuit-breaker';
import { tokenEnv, toTokenTrust, type TokenTrust } from '@gpubroker/platform/auth';
import { circuitEnv, list, port, positiveInt, serviceEnv } from '@gpubroker/platform/config';
import { eventLogEnv, toEventLogConfig, type EventLogConfig } from '@gpubroker/platform/events';
import type { BodyClass } from './routing/route-table';
import type { PeerName } from './routing/peer-name';

export interface ApiGatewayConfig {
  readonly production: boolean;
  readonly host: string;
  /** Origin of each service, without a path. */
  readonly peers: Readonly<Record<PeerName, string>>;
  readonly bodyLimits: Readonly<Record<BodyClass, number>>;
  readonly bodyTimeoutMs: number;
  readonly upstream: UpstreamConfig;
  /** Whose tokens are believed. */
  readonly trust: TokenTrust;
  /** Requests an address may make in any 60 s; 0 = no limit. */
  readonly ipRequestsPerMinute: number;
  /** Gateways that share the limits; each counts its part while Redis is away. */
  readonly replicas: number;
  /** Port that shows /metrics in production, where the public one does not. */
  readonly metricsPort: number;
  /** Where offer changes are heard; without it no answer is kept. */
  readonly eventLog: EventLogConfig;
}

export interface UpstreamConfig {
  readonly connectTimeoutMs: number;
  /** To the answer's headers, or to the whole answer when it is short. */
  readonly answerTimeoutMs: number;
  readonly breaker: CircuitRule;
}

/** A service's origin: the gateway adds the caller's path, so that one of its own would be lost or doubled. */
const peerUrl = (peer: PeerName, defaultPort: number) =>
  z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .refine((url) => new URL(url).pathname === '/' && new URL(url).search === '', 'must not have a path')
    .transform((url) => new URL(url).origin)
    .default(`http://127.0.0.1:${defaultPort}`)
    .describe(`Where the gateway finds ${peer}`);

const peerCircuit = circuitEnv('GATEWAY_BREAKER', 'WITHIN_MS', 'Failed calls of a service that open its circuit');

export const API_GATEWAY_ENV = {
  ...eventLogEnv,
  ...tokenEnv,
  AUTH_URL: peerUrl('auth', 8101),
  PROVIDERS_URL: peerUrl('providers', 8102),
  KPI_URL: peerUrl('kpi', 8103),
  MATH_CORE_URL: peerUrl('math-core', 8104),
  AI_ASSISTANT_URL: peerUrl('ai-assistant', 8105),
  WS_GATEWAY_URL: peerUrl('ws-gateway', 8106),
  // Unlike the services behind it, the public door believes no peer unless told to: SPEC G6.
  TRUSTED_PROXIES: list('').describe(
    'Proxies in front of the gateway, addresses or CIDR ranges, whose X-Forwarded-* is believed; the services behind it believe 127.0.0.1 and ::1 by default',
  ),
  RATE_LIMIT_IP_PER_MINUTE: z
    .string()
    .trim()
    .regex(/^\d{1,6}$/, 'must be a whole number up to 999999')
    .transform(Number)
    .default(1000)
    .describe('Requests an address may make in any minute; 0 turns the limit off'),
  METRICS_PORT: port(9464).describe('Port of the gateway that shows /metrics in production'),
  MATH_MAX_BODY_BYTES: positiveInt(8 * 1_048_576).describe('Largest request body of /math/* in bytes'),
  REQUEST_BODY_TIMEOUT_MS: positiveInt(15_000, 30_000).describe('How long a request body may take to arrive, in ms'),
  GATEWAY_CONNECT_TIMEOUT_MS: positiveInt(1_000).describe('How long connecting to a service may take, in ms'),
  GATEWAY_ANSWER_TIMEOUT_MS: positiveInt(10_000).describe('How long a service may take to answer, in ms'),
  ...peerCircuit.env,
};

type Values = z.output<z.ZodObject<typeof API_GATEWAY_ENV & Omit<typeof serviceEnv, 'TRUSTED_PROXIES'>>>;

export function toApiGatewayConfig(values: Values): ApiGatewayConfig {
  return {
    production: values.NODE_ENV === 'production',
    host: values.HOST,
    peers: {
      auth: values.AUTH_URL,
      providers: values.PROVIDERS_URL,
      kpi: values.KPI_URL,
      'math-core': values.MATH_CORE_URL,
      'ai-assistant': values.AI_ASSISTANT_URL,
      'ws-gateway': values.WS_GATEWAY_URL,
    },
    bodyLimits: { standard: values.MAX_BODY_BYTES, math: values.MATH_MAX_BODY_BYTES },
    bodyTimeoutMs: values.REQUEST_BODY_TIMEOUT_MS,
    upstream: {
      connectTimeoutMs: values.GATEWAY_CONNECT_TIMEOUT_MS,
      answerTimeoutMs: values.GATEWAY_ANSWER_TIMEOUT_MS,
      breaker: peerCircuit.toRule(values),
    },
    trust: toTokenTrust('api-gateway', values),
    ipRequestsPerMinute: values.RATE_LIMIT_IP_PER_MINUTE,
    replicas: values.REPLICAS,
    metricsPort: values.METRICS_PORT,
    eventLog: toEventLogConfig(values, null),
  };
}
