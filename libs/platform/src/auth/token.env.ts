import { z } from 'zod';
import { ConfigError } from '../config/config-error';
import { list } from '../config/env-fragments';
import { eventLogEnv, toEventLogConfig } from '../events/event-log.env';
import { AuthDirectory, ExternalIdentities } from './external-identities';
import { externalIssuersEnv } from './external-issuers.env';
import { ExternalTokens } from './external-tokens';
import { FixedKeys } from './fixed.keys';
import { JwksKeys } from './jwks.keys';
import { RevocationList } from './revocation-list';
import type { TokenTrust } from './verify-token';

/** Asymmetric only: with a symmetric algorithm whoever can verify could also sign. */
export const TOKEN_ALGORITHMS = ['RS256', 'PS256', 'EdDSA'] as const;
export type TokenAlgorithm = (typeof TOKEN_ALGORITHMS)[number];

/** What signer and verifiers must agree on. */
export const tokenRuleEnv = {
  JWT_ISSUER: z.string().min(1).default('gpubroker').describe('iss of the tokens that auth signs'),
  JWT_AUDIENCE: z.string().min(1).default('gpubroker-api').describe('aud of the tokens that auth signs'),
  JWT_ALGORITHMS: list('RS256')
    .pipe(z.array(z.enum(TOKEN_ALGORITHMS)).min(1))
    .describe(
      'Signature algorithms that are believed, comma-separated: RS256, PS256, EdDSA; auth signs with the first',
    ),
};

/** What a service reads to verify tokens by itself. */
export const tokenEnv = {
  ...eventLogEnv,
  ...tokenRuleEnv,
  ...externalIssuersEnv,
  JWT_PUBLIC_KEY: z
    .string()
    .transform((pem) => pem.replaceAll('\\n', '\n'))
    .optional()
    .describe("Public key of auth (PEM), in place of asking for auth's JWKS"),
  AUTH_URL: z.url().optional().describe('Where auth is found; its JWKS is read there'),
};

const LOCAL_AUTH = 'http://127.0.0.1:8101';
const IDENTITY_PATH = '/api/v2/auth/identity';

type Values = z.output<z.ZodObject<typeof tokenEnv>> & { readonly NODE_ENV: string };

/** @throws ConfigError in production when neither key nor address of auth is set, and for a key that is none */
export function toTokenTrust(service: string, values: Values): TokenTrust {
  const { JWT_PUBLIC_KEY: pem, AUTH_URL: url, JWT_ALGORITHMS: algorithms } = values;
  if (values.NODE_ENV === 'production' && !pem && !url)
    throw new ConfigError(service, [{ variable: 'JWT_PUBLIC_KEY', message: 'is required and not set (or AUTH_URL)' }]);
  if (values.NODE_ENV === 'production' && values.JWT_ISSUERS.length > 0 && !url)
    throw new ConfigError(service, [
      { variable: 'AUTH_URL', message: 'is required beside JWT_ISSUERS: auth knows whose the tokens are' },
    ]);
  const keys = pem
    ? fixedKeys(service, pem, algorithms[0] ?? 'RS256')
    : new JwksKeys(new URL('/.well-known/jwks.json', url ?? LOCAL_AUTH).href);
  return {
    issuer: values.JWT_ISSUER,
    audience: values.JWT_AUDIENCE,
    algorithms,
    keys,
    external: new ExternalIdentities(
      new ExternalTokens(values.JWT_ISSUERS),
      new AuthDirectory(new URL(IDENTITY_PATH, url ?? LOCAL_AUTH).href),
      values.JWT_AUDIENCE,
    ),
    revocations: new RevocationList(),
    accessChanges: { service, eventLog: toEventLogConfig(values, null) },
  };
}

function fixedKeys(service: string, pem: string, algorithm: string): FixedKeys {
  try {
    return new FixedKeys(pem, algorithm);
  } catch {
    throw new ConfigError(service, [{ variable: 'JWT_PUBLIC_KEY', message: 'must be a public key in PEM form' }]);
  }
}
