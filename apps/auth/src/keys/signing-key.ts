import { createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { keyIdOf, type TokenAlgorithm } from '@gpubroker/platform/auth';

/** SPEC S1. */
const RSA_BITS = 3072;
const LEAST_RSA_BITS = 2048;
const generate = promisify(generateKeyPair);

/** The key that this process signs with. */
export interface SigningKey {
  readonly kid: string;
  readonly algorithm: TokenAlgorithm;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** @param read createPrivateKey, which throws for what is no key */
export function isSigningKey(pem: string, algorithm: TokenAlgorithm, read: (pem: string) => KeyObject): boolean {
  try {
    const key = read(pem);
    return algorithm === 'EdDSA'
      ? key.asymmetricKeyType === 'ed25519'
      : key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= LEAST_RSA_BITS;
  } catch {
    return false;
  }
}

export function toSigningKey(privateKey: KeyObject, algorithm: TokenAlgorithm): SigningKey {
  const publicKey = createPublicKey(privateKey);
  return { kid: keyIdOf(publicKey), algorithm, privateKey, publicKey };
}

/** A new private key in PKCS #8 PEM. */
export async function generatePem(algorithm: TokenAlgorithm): Promise<string> {
  const { privateKey } = await (algorithm === 'EdDSA'
    ? generate('ed25519')
    : generate('rsa', { modulusLength: RSA_BITS }));
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}
