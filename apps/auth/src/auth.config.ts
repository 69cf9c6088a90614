import { createPrivateKey } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { TokenAlgorithm } from '@gpubroker/platform/auth';
import { externalIssuersEnv, tokenRuleEnv, type ExternalIssuerSettings } from '@gpubroker/platform/auth';
import { ConfigError, positiveInt, type ConfigProblem } from '@gpubroker/platform/config';
import { readSealingKeys, type SecretsConfig } from '@gpubroker/platform/secrets';
import { eventLogEnv, toEventLogConfig, type EventLogConfig } from '@gpubroker/platform/events';
import type { ServiceEnv } from '@gpubroker/platform/service';
import { z } from 'zod';
import { formerKeysEnv, type FormerKey } from './keys/former-keys.env';
import { isSigningKey } from './keys/signing-key';
import { superuserProblem, type SuperuserCredentials } from './superuser/superuser-credentials';

/** Registrations that one address may make in a minute (SPEC S4). */
const REGISTRATIONS = { production: 5, otherwise: 120 } as const;

export const authEnv = {
  ...tokenRuleEnv,
  ...externalIssuersEnv,
  ...formerKeysEnv,
  AUTH_SECRET_KEY: z
    .string()
    .optional()
    .describe(
      'What MFA secrets are sealed with: 32 bytes in base64, further ones after a comma only open; required in production, elsewhere generated',
    ),
  ...eventLogEnv,
  AUTH_DATABASE_URL: z.url().optional().describe('PostgreSQL of auth, in place of DATABASE_URL'),
  DATABASE_URL: z.url().optional().describe('PostgreSQL that the services keep their tables in'),
  DATABASE_DIRECT_URL: z
    .url()
    .optional()
    .describe('PostgreSQL past PgBouncer, for LISTEN and session locks; DATABASE_URL when unset'),
  DATABASE_POOL_SIZE: positiveInt(10).describe('Most connections of one service'),
  GPUBROKER_DATA_DIR: z.string().default('.gpubroker').describe('Where a generated signing key is kept'),
  JWT_PRIVATE_KEY: z
    .string()
    .transform((pem) => pem.replaceAll('\\n', '\n'))
    .optional()
    .describe('Private key (PEM) that tokens are signed with; required in production, elsewhere generated'),
  SUPERUSER_EMAIL: z
    .string()
    .trim()
    .regex(/^[^@\s]+@[^@\s]+$/, 'must be an e-mail address')
    .optional()
    .describe('Address of an administrator who is made at the start, unless somebody has it already'),
  SUPERUSER_PASSWORD: z.string().optional().describe('Password that this administrator is made with'),
  REGISTRATION_LIMIT_PER_MINUTE: z
    .string()
    .trim()
    .regex(/^[1-9]\d{0,5}$/, 'must be a whole number from 1 to 999999')
    .transform(Number)
    .optional()
    .describe(
      `Registrations that one address may make in a minute; ${REGISTRATIONS.production} in production, else ${REGISTRATIONS.otherwise}`,
    ),
};

export class AuthConfig {
  readonly databaseUrl!: string;
  readonly databaseDirectUrl!: string | undefined;
  readonly databasePoolSize!: number;
  readonly eventLog!: EventLogConfig;
  readonly issuer!: string;
  readonly audience!: string;
  /** The first one signs. */
  readonly algorithms!: readonly [TokenAlgorithm, ...TokenAlgorithm[]];
  /** PEM; null: the key in `keyFile`, made there on first start. */
  readonly privateKey!: string | null;
  readonly keyFile!: string;
  /** What MFA secrets are sealed with. */
  readonly secrets!: SecretsConfig;
  readonly externalIssuers!: readonly ExternalIssuerSettings[];
  readonly formerKeys!: readonly FormerKey[];
  readonly registrationsPerMinute!: number;
  /** Processes of this service, which share the limits while Redis is away. */
  readonly replicas!: number;
  /** Made at the start unless there already; null: nobody is. */
  readonly superuser!: SuperuserCredentials | null;
}

type Values = z.output<z.ZodObject<typeof authEnv>> & ServiceEnv;

/** @throws ConfigError naming everything that is missing or unusable at once */
export function toAuthConfig(values: Values): AuthConfig {
  const production = values.NODE_ENV === 'production';
  const databaseUrl = values.AUTH_DATABASE_URL ?? values.DATABASE_URL;
  const [first = 'RS256', ...others] = values.JWT_ALGORITHMS;
  const problems = [
    ...(databaseUrl === undefined
      ? [{ variable: 'DATABASE_URL', message: 'is required and not set (or AUTH_DATABASE_URL)' }]
      : []),
    ...superuserProblems(values),
    ...keyProblems(values.JWT_PRIVATE_KEY, first, production),
    ...secretKeyProblems(values.AUTH_SECRET_KEY, production),
  ];
  if (databaseUrl === undefined || problems.length > 0) throw new ConfigError('auth', problems);
  return {
    databaseUrl,
    databaseDirectUrl: values.DATABASE_DIRECT_URL,
    databasePoolSize: values.DATABASE_POOL_SIZE,
    eventLog: toEventLogConfig(values, databaseUrl),
    issuer: values.JWT_ISSUER,
    audience: values.JWT_AUDIENCE,
    algorithms: [first, ...others],
    privateKey: values.JWT_PRIVATE_KEY ?? null,
    keyFile: join(resolve(values.GPUBROKER_DATA_DIR), 'auth', `signing-key.${first.toLowerCase()}.pem`),
    secrets:
      values.AUTH_SECRET_KEY === undefined
        ? { kind: 'key_file', path: join(resolve(values.GPUBROKER_DATA_DIR), 'auth', 'sealing.key') }
        : { kind: 'keys', keys: readSealingKeys(values.AUTH_SECRET_KEY) },
    externalIssuers: values.JWT_ISSUERS,
    formerKeys: values.JWT_FORMER_KEYS,
    superuser: superuserOf(values),
    replicas: values.REPLICAS,
    registrationsPerMinute:
      values.REGISTRATION_LIMIT_PER_MINUTE ?? (production ? REGISTRATIONS.production : REGISTRATIONS.otherwise),
  };
}

function keyProblems(pem: string | undefined, algorithm: TokenAlgorithm, production: boolean): ConfigProblem[] {
  const variable = 'JWT_PRIVATE_KEY';
  if (pem === undefined) return production ? [{ variable, message: 'is required in production and not set' }] : [];
  return isSigningKey(pem, algorithm, createPrivateKey)
    ? []
    : [{ variable, message: `must be a private key in PEM form that signs ${algorithm} (RSA: 2048 bits or more)` }];
}

function secretKeyProblems(text: string | undefined, production: boolean): ConfigProblem[] {
  const variable = 'AUTH_SECRET_KEY';
  if (text === undefined) return production ? [{ variable, message: 'is required in production and not set' }] : [];
  try {
    readSealingKeys(text);
    return [];
  } catch {
    return [{ variable, message: 'must be 32 bytes in base64, several of them separated by commas' }];
  }
}

function superuserOf({ SUPERUSER_EMAIL: email, SUPERUSER_PASSWORD: password }: Values): SuperuserCredentials | null {
  return email === undefined || password === undefined ? null : { email, password };
}

function superuserProblems(values: Values): ConfigProblem[] {
  const { SUPERUSER_EMAIL: email, SUPERUSER_PASSWORD: password } = values;
  if (email !== undefined && password === undefined)
    return [{ variable: 'SUPERUSER_PASSWORD', message: 'is needed beside SUPERUSER_EMAIL' }];
  if (email === undefined && password !== undefined)
    return [{ variable: 'SUPERUSER_EMAIL', message: 'is needed beside SUPERUSER_PASSWORD' }];
  const superuser = superuserOf(values);
  const problem = superuser && superuserProblem(superuser);
  return problem === null ? [] : [{ variable: 'SUPERUSER_PASSWORD', message: problem }];
}
