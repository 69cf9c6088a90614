import { createPublicKey } from 'node:crypto';
import { keyIdOf } from './key-id';
import type { VerificationKey, VerificationKeys } from './verification-keys';

/** One public key from the configuration (JWT_PUBLIC_KEY). */
export class FixedKeys implements VerificationKeys {
  private readonly kid: string;
  private readonly key: VerificationKey;

  /** @param pem a public key; a private one gives its public half */
  constructor(pem: string, algorithm: string) {
    const key = createPublicKey(pem);
    this.kid = keyIdOf(key);
    this.key = { algorithm, key };
  }

  find(kid: string): Promise<VerificationKey | null> {
    return Promise.resolve(kid === this.kid ? this.key : null);
  }
}
