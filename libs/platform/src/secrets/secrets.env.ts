import { join, resolve } from 'node:path';
import type { CircuitRule } from '@gpubroker/circuit-breaker';
import { z } from 'zod';
import { circuitEnv } from '../config/circuit-env';
import { positiveInt } from '../config/env-fragments';
import type { ConfigProblem } from '../config/config-error';
import { readSealingKeys, type SealingKey } from './sealing-key';

const vaultCircuit = circuitEnv('VAULT_BREAKER', 'WINDOW_MS', 'Failures of Vault that open its circuit');

/** Where a service that keeps secrets of others finds what it seals them with. */
export const secretsEnv = {
  GPUBROKER_DATA_DIR: z.string().default('.gpubroker').describe('Where a generated sealing key is kept'),
  SECRETS_KEY: z
    .string()
    .optional()
    .describe(
      'What stored secrets are sealed with: 32 bytes in base64, further ones after a comma only open; production needs it or VAULT_ADDR, elsewhere a key file is made',
    ),
  VAULT_ADDR: z.url().optional().describe('Vault whose transit engine seals stored secrets, in place of SECRETS_KEY'),
  VAULT_TOKEN: z.string().optional().describe('Token for that Vault; may encrypt and decrypt with the key, no more'),
  VAULT_TRANSIT_PATH: z
    .string()
    .regex(/^[\w-]+(\/[\w-]+)*$/, 'must be a path such as transit')
    .default('transit')
    .describe('Where the transit engine is mounted'),
  VAULT_TRANSIT_KEY: z
    .string()
    .regex(/^[\w.-]+$/, 'must be the name of a key')
    .default('gpubroker')
    .describe('Name of the key in the transit engine'),
  VAULT_TIMEOUT_MS: positiveInt(1_000).describe('Longest wait for Vault, in ms'),
  ...vaultCircuit.env,
};

export interface VaultSettings {
  readonly address: string;
  readonly token: string;
  readonly transitPath: string;
  readonly transitKey: string;
  readonly timeoutMs: number;
  readonly breaker: CircuitRule;
}

export type SecretsConfig =
  | { readonly kind: 'vault'; readonly vault: VaultSettings }
  | { readonly kind: 'keys'; readonly keys: readonly [SealingKey, ...SealingKey[]] }
  | { readonly kind: 'key_file'; readonly path: string };

type Values = z.output<z.ZodObject<typeof secretsEnv>> & { readonly NODE_ENV: string };

/** @returns what is missing or unusable instead, so that a service can name it beside its other problems */
export function toSecretsConfig(values: Values): SecretsConfig | ConfigProblem[] {
  if (values.VAULT_ADDR !== undefined) return vaultConfig(values.VAULT_ADDR, values);
  if (values.SECRETS_KEY !== undefined) return keysConfig(values.SECRETS_KEY);
  if (values.NODE_ENV === 'production')
    return [{ variable: 'SECRETS_KEY', message: 'is required in production and not set (or VAULT_ADDR)' }];
  return { kind: 'key_file', path: join(resolve(values.GPUBROKER_DATA_DIR), 'secrets', 'sealing.key') };
}

function vaultConfig(address: string, values: Values): SecretsConfig | ConfigProblem[] {
  if (values.VAULT_TOKEN === undefined)
    return [{ variable: 'VAULT_TOKEN', message: 'is required with VAULT_ADDR and not set' }];
  return {
    kind: 'vault',
    vault: {
      address: address.replace(/\/+$/, ''),
      token: values.VAULT_TOKEN,
      transitPath: values.VAULT_TRANSIT_PATH,
      transitKey: values.VAULT_TRANSIT_KEY,
      timeoutMs: values.VAULT_TIMEOUT_MS,
      breaker: vaultCircuit.toRule(values),
    },
  };
}

function keysConfig(text: string): SecretsConfig | ConfigProblem[] {
  try {
    return { kind: 'keys', keys: readSealingKeys(text) };
  } catch {
    return [{ variable: 'SECRETS_KEY', message: 'must be 32 bytes in base64, several of them separated by commas' }];
  }
}
