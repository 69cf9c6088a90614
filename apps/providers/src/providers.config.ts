import type { CircuitRule } from '@gpubroker/circuit-breaker';
import { circuitEnv, ConfigError, envName, positiveInt, type ConfigProblem } from '@gpubroker/platform/config';
import { eventLogEnv, toEventLogConfig, type EventLogConfig } from '@gpubroker/platform/events';
import type { ServiceEnv } from '@gpubroker/platform/service';
import { z } from 'zod';
import { createProviderRegistry } from './adapters/registry';
import { enrichmentEnv, toEnrichmentConfig, type EnrichmentConfig } from './enrichment/enrichment.env';
import { integrationsEnv, toIntegrationsConfig, type IntegrationsConfig } from './integrations/integrations.env';

/** What one cloud was given by the environment. */
export interface ProviderSettings {
  /** Credential field → secret; null when the environment has no key for it. */
  readonly credentials: Readonly<Record<string, string>> | null;
  /** In place of the cloud's own address. */
  readonly baseUrl: string | null;
}

const providerRegistry = createProviderRegistry();

const providerEnv: Readonly<Record<string, z.ZodType>> = Object.fromEntries<z.ZodType>(
  providerRegistry.listAdapters().flatMap((slug) => {
    const { facts } = providerRegistry.getAdapter(slug);
    return [
      [
        `${envName(slug)}_BASE_URL`,
        z.url().optional().describe(`Address of ${facts.displayName}'s API, in place of its own`),
      ] as const,
      ...facts.credentialFields.map(
        (field, position) =>
          [
            credentialVariable(slug, field, position),
            z.string().optional().describe(`${facts.displayName}: ${field}`),
          ] as const,
      ),
    ];
  }),
);

/** The first credential of a cloud is its `_API_KEY`, whatever the cloud calls it. */
function credentialVariable(slug: string, field: string, position: number): string {
  return position === 0
    ? `${envName(slug)}_API_KEY`
    : `${envName(slug)}_${field.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase()}`;
}

const cloudCircuit = circuitEnv('PROVIDER_BREAKER', 'WINDOW_MS', 'Failures of a cloud that open its circuit');

const ownEnv = {
  ...eventLogEnv,
  ...enrichmentEnv,
  ...integrationsEnv,
  PROVIDERS_DATABASE_URL: z.url().optional().describe('PostgreSQL of providers, in place of DATABASE_URL'),
  DATABASE_POOL_SIZE: positiveInt(10).describe('Most connections of one service'),
  SYNC_INTERVAL_SECONDS: positiveInt(300).describe('Seconds between two syncs of a cloud'),
  LIVE_CLOUDS: z
    .enum(['auto', 'off'])
    .default('auto')
    .describe('off: no cloud is asked but those whose address is set; the others are played by the emulator'),
  CLOUD_EMULATOR_URL: z
    .url()
    .default('http://127.0.0.1:8190')
    .describe('The demonstration upstream; never used in production'),
  EMULATOR_SPEED: z.coerce
    .number()
    .positive()
    .default(1)
    .describe('How much faster than real the emulated market and its syncs run'),
  UPSTREAM_MAX_BYTES: positiveInt(67_108_864).describe('Largest answer of a cloud in bytes, decompressed'),
  UPSTREAM_TIMEOUT_MS: positiveInt(10_000).describe('Longest wait for one answer of a cloud, in ms'),
  ...cloudCircuit.env,
  CATALOG_DIR: z
    .string()
    .optional()
    .describe('Directory of price catalog CSV files; each file or its cloud column names a provider'),
  CATALOG_URL: z.url().optional().describe('One price catalog CSV file on the web'),
};

/** Every variable of the service; those of the clouds follow from the registry. */
export const providersEnv: typeof ownEnv = { ...ownEnv, ...providerEnv };

export class ProvidersConfig {
  readonly production!: boolean;
  readonly databaseUrl!: string;
  readonly databaseDirectUrl!: string | undefined;
  readonly databasePoolSize!: number;
  readonly eventLog!: EventLogConfig;
  /** Whether clouds may be asked at all that nobody gave an address for. */
  readonly liveClouds!: boolean;
  readonly syncIntervalSeconds!: number;
  /** null in production: there an emulator is not a source. */
  readonly emulatorUrl!: string | null;
  readonly emulatorSpeed!: number;
  readonly upstreamMaxBytes!: number;
  readonly upstreamTimeoutMs!: number;
  readonly breaker!: CircuitRule;
  readonly catalogDirectory!: string | null;
  readonly catalogUrl!: string | null;
  /** null: offers carry no unit costs. */
  readonly enrichment!: EnrichmentConfig | null;
  readonly providers!: ReadonlyMap<string, ProviderSettings>;
  /** Whose tokens are believed, and how tenants' keys are kept. */
  readonly integrations!: IntegrationsConfig;
}

type Values = z.output<z.ZodObject<typeof ownEnv>> & ServiceEnv;

/** @throws ConfigError naming everything that is missing or unusable at once */
export function toProvidersConfig(values: Values): ProvidersConfig {
  const production = values.NODE_ENV === 'production';
  const databaseUrl = values.PROVIDERS_DATABASE_URL ?? values.DATABASE_URL;
  const integrations = toIntegrationsConfig(values);
  if (databaseUrl === undefined || Array.isArray(integrations))
    throw new ConfigError('providers', [
      ...(databaseUrl === undefined ? [MISSING_DATABASE] : []),
      ...(Array.isArray(integrations) ? integrations : []),
    ]);
  return {
    production,
    databaseUrl,
    databaseDirectUrl: values.DATABASE_DIRECT_URL,
    databasePoolSize: values.DATABASE_POOL_SIZE,
    eventLog: toEventLogConfig(values, databaseUrl),
    liveClouds: values.LIVE_CLOUDS === 'auto',
    syncIntervalSeconds: values.SYNC_INTERVAL_SECONDS,
    emulatorUrl: production ? null : values.CLOUD_EMULATOR_URL,
    emulatorSpeed: values.EMULATOR_SPEED,
    upstreamMaxBytes: values.UPSTREAM_MAX_BYTES,
    upstreamTimeoutMs: values.UPSTREAM_TIMEOUT_MS,
    breaker: cloudCircuit.toRule(values),
    catalogDirectory: values.CATALOG_DIR ?? null,
    catalogUrl: values.CATALOG_URL ?? null,
    enrichment: toEnrichmentConfig(values),
    providers: new Map(
      providerRegistry
        .listAdapters()
        .map((slug) => [slug, settingsOf(slug, values as unknown as Record<string, string | undefined>)]),
    ),
    integrations,
  };
}

const MISSING_DATABASE: ConfigProblem = {
  variable: 'DATABASE_URL',
  message: 'is required and not set (or PROVIDERS_DATABASE_URL)',
};

function settingsOf(slug: string, values: Readonly<Record<string, string | undefined>>): ProviderSettings {
  const { credentialFields } = providerRegistry.getAdapter(slug).facts;
  const found = credentialFields.map(
    (field, position) => [field, values[credentialVariable(slug, field, position)]] as const,
  );
  const complete = found.length > 0 && found.every(([, secret]) => secret !== undefined);
  return {
    credentials: complete ? (Object.fromEntries(found) as Record<string, string>) : null,
    baseUrl: values[`${envName(slug)}_BASE_URL`] ?? null,
  };
}
