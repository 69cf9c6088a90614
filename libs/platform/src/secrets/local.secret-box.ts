import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { SealingKey } from './sealing-key';
import { contextText, SecretUnreadableError, type SecretBox, type SecretContext } from './secret-box';

const CIPHER = 'aes-256-gcm';
/** What GCM is made for; other lengths are hashed first and collide sooner. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const FORM = 'gpb1';

/**
 * AES-256-GCM under keys of this process: `gpb1.<key id>.<nonce, ciphertext and tag, base64url>`. The form, the key id and the
 * context are authenticated with the text. The first key seals, all of them open.
 */
export class LocalSecretBox implements SecretBox {
  readonly breaker = null;
  private readonly byId: ReadonlyMap<string, SealingKey>;
  private readonly current: SealingKey;

  constructor(keys: readonly [SealingKey, ...SealingKey[]]) {
    this.current = keys[0];
    this.byId = new Map(keys.map((key) => [key.id, key]));
  }

  seal(context: SecretContext, plaintext: string): Promise<string> {
    const { id, key } = this.current;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(boundTo(id, context));
    const parts = [nonce, cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()];
    return Promise.resolve(`${FORM}.${id}.${Buffer.concat(parts).toString('base64url')}`);
  }

  open(context: SecretContext, sealed: string): Promise<string> {
    try {
      return Promise.resolve(this.opened(context, sealed));
    } catch {
      // OpenSSL says no more than that it did not fit.
      return Promise.reject(new SecretUnreadableError());
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private opened(context: SecretContext, sealed: string): string {
    const [, id, body] = /^gpb1\.([\w-]{8})\.([\w-]+)$/.exec(sealed) ?? [];
    const found = this.byId.get(id ?? '');
    if (found === undefined || body === undefined) throw new SecretUnreadableError();
    const bytes = Buffer.from(body, 'base64url');
    if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new SecretUnreadableError();
    const decipher = createDecipheriv(CIPHER, found.key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(boundTo(found.id, context)).setAuthTag(bytes.subarray(-TAG_BYTES));
    const plain = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
    return Buffer.concat([plain, decipher.final()]).toString('utf8');
  }
}

const boundTo = (keyId: string, context: SecretContext): Buffer =>
  Buffer.from(`${FORM}.${keyId}.${contextText(context)}`, 'utf8');
