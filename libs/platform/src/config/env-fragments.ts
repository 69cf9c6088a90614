import { z } from 'zod';

/** Digits and nothing else: coercion would read a blank as 0, `0x10` as 16 and `1e3` as 1000. */
const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .trim()
    .regex(/^\d{1,16}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().int().min(min).max(max));

/** A port; 0 lets the system choose a free one (tests). */
export const port = (fallback: number) => wholeNumber(0, 65_535).default(fallback);

/** `true`/`false`/`1`/`0`, and nothing else: "no" or "off" silently read as true is how a switch stays on. */
export const flag = (fallback: boolean) =>
  z
    .enum(['true', 'false', '1', '0'])
    .default(fallback ? 'true' : 'false')
    .transform((text) => text === 'true' || text === '1');

/** Comma-separated list; blanks around items are dropped. */
export const list = (fallback: string) =>
  z
    .string()
    .default(fallback)
    .transform((text) =>
      text
        .split(',')
        .map((item) => item.trim())
        .filter(Boolean),
    );

export const positiveInt = (fallback: number, max = Number.MAX_SAFE_INTEGER) => wholeNumber(1, max).default(fallback);

/** `providers` → `PROVIDERS`, `api-gateway` → `API_GATEWAY`: how a service's name appears in variables. */
export const envName = (service: string) => service.toUpperCase().replaceAll('-', '_');

/** Variables that every service reads. `<SERVICE>_PORT` is added by `defineService`. */
export const serviceEnv = {
  NODE_ENV: z
    .enum(['development', 'test', 'production'])
    .default('development')
    .describe('production refuses to start without what each service requires'),
  HOST: z.string().default('127.0.0.1').describe('Address the services listen on; images set 0.0.0.0'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('Least severe level that is logged'),
  MAX_BODY_BYTES: positiveInt(1_048_576).describe('Largest request body in bytes; /math/* has MATH_MAX_BODY_BYTES'),
  CORS_ALLOWED_ORIGINS: list('').describe('Origins that browsers may call from, comma-separated; empty allows none'),
  ALLOWED_HOSTS: list('*').describe('Host names that requests may be addressed to, comma-separated; * allows any'),
  TRUSTED_PROXIES: list('127.0.0.1,::1').describe('Addresses or CIDR ranges whose forwarded headers are believed'),
  SHUTDOWN_GRACE_MS: positiveInt(30_000).describe('How long running requests may take after SIGTERM, in ms'),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/, error: 'must be a redis or rediss URL' })
    .optional()
    .describe('Redis that replicas share for limits, caches and tickets; unset keeps them in each process'),
  REPLICAS: positiveInt(1, 10_000).describe('Processes of this service; each counts its part while Redis is away'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional().describe('OpenTelemetry collector; unset leaves the exporter off'),
};
