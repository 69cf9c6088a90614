import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, type Env } from '@gpubroker/platform/config';
import { z } from 'zod';

const EMAIL = 'admin@gpubroker.local';
const FILE = 'superuser.json';

const superuserSchema = z.object({ email: z.string().min(1), password: z.string().min(1) });

/** Who administers this installation, and what auth has to be told for it. */
export interface OwnSuperuser {
  readonly env: Env;
  readonly email: string;
  /** Where the password is kept; null when the environment names the administrator. */
  readonly file: string | null;
  /** Only on the start that made it up. */
  readonly newPassword: string | null;
}

/** The administrator of the environment; else one with a password of its own, made up once and kept for its owner only. */
export async function ownSuperuser(dataDirectory: string, env: Env): Promise<OwnSuperuser> {
  const named = env.SUPERUSER_EMAIL ?? env.SUPERUSER_PASSWORD;
  if (named !== undefined) return { env: {}, email: env.SUPERUSER_EMAIL ?? '', file: null, newPassword: null };
  const file = join(dataDirectory, FILE);
  const known = await read(file);
  const superuser = known ?? { email: EMAIL, password: randomBytes(18).toString('base64url') };
  if (known === null) {
    await mkdir(dataDirectory, { recursive: true });
    await writeFile(file, `${JSON.stringify(superuser)}\n`, { mode: 0o600, flag: 'wx' });
  }
  return {
    env: { SUPERUSER_EMAIL: superuser.email, SUPERUSER_PASSWORD: superuser.password },
    email: superuser.email,
    file,
    newPassword: known === null ? superuser.password : null,
  };
}

/** @throws ConfigError for a file that somebody changed into something else */
async function read(file: string): Promise<z.infer<typeof superuserSchema> | null> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  try {
    return superuserSchema.parse(JSON.parse(text));
  } catch {
    throw new ConfigError('GPUBROKER', [{ variable: file, message: 'holds no {"email", "password"}; remove it' }]);
  }
}
