import type { CircuitBreaker } from '@gpubroker/circuit-breaker';
import { isCircuitOpenError } from '@gpubroker/circuit-breaker';
import { z } from 'zod';
import {
  contextText,
  SecretUnreadableError,
  secretsUnavailable,
  type SecretBox,
  type SecretContext,
} from './secret-box';
import type { VaultSettings } from './secrets.env';
import { VaultClient, VaultRefusedError } from './vault.client';
import { VaultTokenKeeper } from './vault-token.keeper';

const FORM = 'vault:v';
const encrypted = z.object({ data: z.object({ ciphertext: z.string().startsWith(FORM) }) });
const decrypted = z.object({ data: z.object({ plaintext: z.base64() }) });

/**
 * Vault's transit engine: the key never leaves it. The context goes along twice: as associated data, which every AEAD key
 * checks, and as derivation context, which a derived key needs and any other ignores.
 */
export class VaultSecretBox implements SecretBox {
  private readonly client: VaultClient;
  private readonly token: VaultTokenKeeper;
  private readonly encryptPath: string;
  private readonly decryptPath: string;

  /** @param onProblem told why the token could not be kept alive: nobody else would notice before it ends */
  constructor(settings: VaultSettings, onProblem: (error: unknown) => void = () => undefined) {
    this.client = new VaultClient(settings);
    this.token = new VaultTokenKeeper(this.client, onProblem);
    this.encryptPath = `${settings.transitPath}/encrypt/${settings.transitKey}`;
    this.decryptPath = `${settings.transitPath}/decrypt/${settings.transitKey}`;
    this.token.start();
  }

  get breaker(): CircuitBreaker {
    return this.client.breaker;
  }

  async seal(context: SecretContext, plaintext: string): Promise<string> {
    try {
      const answer = await this.client.call('POST', this.encryptPath, {
        ...bound(context),
        plaintext: base64(plaintext),
      });
      return encrypted.parse(answer).data.ciphertext;
    } catch (error) {
      throw unavailable(error);
    }
  }

  async open(context: SecretContext, sealed: string): Promise<string> {
    // Sealed before there was a Vault: no answer of Vault's would help.
    if (!sealed.startsWith(FORM)) throw new SecretUnreadableError();
    try {
      const answer = await this.client.call('POST', this.decryptPath, { ...bound(context), ciphertext: sealed });
      return Buffer.from(decrypted.parse(answer).data.plaintext, 'base64').toString('utf8');
    } catch (error) {
      if (error instanceof VaultRefusedError && error.reason === 'unreadable') throw new SecretUnreadableError();
      throw unavailable(error);
    }
  }

  async close(): Promise<void> {
    this.token.stop();
    await this.client.close();
  }
}

/** Zod would quote what Vault sent, the plaintext among it. */
function unavailable(error: unknown): Error {
  if (error instanceof z.ZodError) return secretsUnavailable(new Error('Vault answered in an unknown form'));
  return secretsUnavailable(error, isCircuitOpenError(error) ? Math.ceil(error.retryAfterMs / 1000) : undefined);
}

function bound(context: SecretContext): { associated_data: string; context: string } {
  const text = base64(contextText(context));
  return { associated_data: text, context: text };
}

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
