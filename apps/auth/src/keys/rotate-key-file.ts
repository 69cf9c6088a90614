import { createPrivateKey, randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Database } from '@gpubroker/persistence/database';
import type { TokenAlgorithm } from '@gpubroker/platform/auth';
import { generatePem, toSigningKey } from './signing-key';
import { announceKey } from './signing-keys';

/**
 * A new key in place of the one in the file. It is announced before anybody can sign with it, so that verifiers know it by
 * then; the former one goes on verifying until the last token that it signed is over.
 * @returns its kid
 */
export async function rotateKeyFile(path: string, algorithm: TokenAlgorithm, database: Database): Promise<string> {
  const pem = await generatePem(algorithm);
  const key = toSigningKey(createPrivateKey(pem), algorithm);
  await announceKey(database, key);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, pem, { mode: 0o600, flag: 'wx' });
  await rename(draft, path);
  return key.kid;
}
