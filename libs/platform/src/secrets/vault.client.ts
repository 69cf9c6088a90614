import { CircuitBreaker } from '@gpubroker/circuit-breaker';
import { Agent, request } from 'undici';
import type { VaultSettings } from './secrets.env';

const MAX_ANSWER_BYTES = 1_048_576;

/** Vault answered, and not with what was wanted. Holds its status and nothing of its body, which may repeat what was sent. */
export class VaultRefusedError extends Error {
  override readonly name = 'VaultRefusedError';

  constructor(
    readonly status: number,
    path: string,
    readonly reason: 'unreadable' | 'other' = 'other',
  ) {
    super(`Vault answered ${status} to ${path}`);
  }
}

/** What Vault's transit engine says of a text that none of its keys opens in this context. */
const UNREADABLE =
  /message authentication failed|invalid ciphertext|disallowed by policy|ciphertext or signature version/i;

/** HTTP to one Vault: time-out, circuit, size cap. A refusal is an answer; a sealed or broken Vault is a failure. */
export class VaultClient {
  readonly breaker: CircuitBreaker;
  private readonly agent: Agent;

  constructor(private readonly settings: VaultSettings) {
    this.breaker = new CircuitBreaker({
      name: 'vault',
      rule: settings.breaker,
      isFailure: (error) => !(error instanceof VaultRefusedError) || error.status >= 500 || error.status === 429,
    });
    // The limit of the whole call is the circuit's; undici's own would end it with another error.
    this.agent = new Agent({
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: 10_000,
      maxResponseSize: MAX_ANSWER_BYTES,
      connect: { timeout: settings.timeoutMs },
    });
  }

  /** @throws VaultRefusedError, TimeoutError, CircuitOpenError, or what the connection failed with */
  call(method: 'GET' | 'POST', path: string, body?: Readonly<Record<string, string>>): Promise<unknown> {
    return this.breaker.execute((signal) => this.send(method, path, body, signal), {
      timeoutMs: this.settings.timeoutMs,
    });
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }

  private async send(
    method: 'GET' | 'POST',
    path: string,
    body: Readonly<Record<string, string>> | undefined,
    signal: AbortSignal,
  ): Promise<unknown> {
    const response = await request(`${this.settings.address}/v1/${path}`, {
      method,
      dispatcher: this.agent,
      signal,
      headers: { 'x-vault-token': this.settings.token, 'x-vault-request': 'true', 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.body.text();
    if (response.statusCode < 200 || response.statusCode > 299)
      throw new VaultRefusedError(response.statusCode, path, UNREADABLE.test(text) ? 'unreadable' : 'other');
    return parsed(text, path);
  }
}

/** JSON.parse quotes the text in its message, and the text may hold a secret. */
function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`Vault did not answer with JSON to ${path}`);
  }
}
