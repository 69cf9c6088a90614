import { ConfigError, positiveInt, type ConfigProblem } from '@gpubroker/platform/config';
import { tokenEnv, toTokenTrust, type TokenTrust } from '@gpubroker/platform/auth';
import { secretsEnv, toSecretsConfig, type SecretsConfig } from '@gpubroker/platform/secrets';
import { z } from 'zod';

export const integrationsEnv = {
  ...tokenEnv,
  ...secretsEnv,
  INTEGRATION_CHECK_MS: positiveInt(6_000, 60_000).describe(
    "Longest wait for a cloud's word on a tenant's key, in ms; then the key is kept as unverified",
  ),
  INTEGRATION_RECHECK_SECONDS: positiveInt(30, 86_400).describe(
    "Seconds until a cloud that could not be reached is asked again about a tenant's key; doubles up to an hour",
  ),
};

export interface IntegrationsConfig {
  readonly tokenTrust: TokenTrust;
  readonly secrets: SecretsConfig;
  readonly checkMs: number;
  readonly recheckSeconds: number;
}

type Values = z.output<z.ZodObject<typeof integrationsEnv>> & { readonly NODE_ENV: string };

/** @returns everything that is missing or unusable instead */
export function toIntegrationsConfig(values: Values): IntegrationsConfig | ConfigProblem[] {
  const tokenTrust = trustOrProblems(values);
  const secrets = toSecretsConfig(values);
  if (Array.isArray(tokenTrust) || Array.isArray(secrets))
    return [...(Array.isArray(tokenTrust) ? tokenTrust : []), ...(Array.isArray(secrets) ? secrets : [])];
  return {
    tokenTrust,
    secrets,
    checkMs: values.INTEGRATION_CHECK_MS,
    recheckSeconds: values.INTEGRATION_RECHECK_SECONDS,
  };
}

function trustOrProblems(values: Values): TokenTrust | ConfigProblem[] {
  try {
    return toTokenTrust('providers', values);
  } catch (error) {
    if (error instanceof ConfigError) return [...error.problems];
    throw error;
  }
}
