import { createHash, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';

const SEALING_KEY_BYTES = 32;

/** A key with the name that sealed texts carry, so that each is opened with the one that sealed it. */
export interface SealingKey {
  readonly id: string;
  readonly key: KeyObject;
}

/** @throws RangeError when it is not 32 bytes */
function sealingKey(bytes: Buffer): SealingKey {
  if (bytes.length !== SEALING_KEY_BYTES) throw new RangeError(`a sealing key has ${SEALING_KEY_BYTES} bytes`);
  const id = createHash('sha256').update('gpubroker sealing key id').update(bytes).digest('base64url').slice(0, 8);
  return { id, key: createSecretKey(bytes) };
}

/**
 * Keys as SECRETS_KEY and the key file hold them: base64, separated by commas or lines; the first one seals.
 * @throws RangeError when there is none, or one is not 32 bytes in base64; the message does not hold it
 */
export function readSealingKeys(text: string): readonly [SealingKey, ...SealingKey[]] {
  const [first, ...others] = text
    .split(/[,\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => sealingKey(decodeStrictly(part)));
  if (first === undefined) throw new RangeError('there is no sealing key');
  return [first, ...others];
}

/** As the key file keeps it. */
export const newSealingKeyText = (): string => `${randomBytes(SEALING_KEY_BYTES).toString('base64')}\n`;

/** Buffer skips what is not base64: a mistyped key would become another, shorter one. */
function decodeStrictly(part: string): Buffer {
  const standard = part.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
  const bytes = Buffer.from(standard, 'base64');
  return bytes.toString('base64').replace(/=+$/, '') === standard ? bytes : Buffer.alloc(0);
}
