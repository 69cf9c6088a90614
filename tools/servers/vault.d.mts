export interface VaultServer {
  /** What VAULT_ADDR takes. The same after a restart. */
  readonly address: string;
  readonly rootToken: string | null;
  /** Starts it again after kill(), unsealed, with everything it held; resolves when it is active. */
  start(): Promise<void>;
  /** kill -9; the data stays. */
  kill(): Promise<void>;
  /** SIGSTOP: connections are taken and nothing is answered. */
  pause(): void;
  /** SIGCONT. */
  resume(): void;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
  /** A transit key, and a policy of the same name that may encrypt and decrypt with it. */
  createKey(name: string): Promise<void>;
  /** A renewable token that may use the key, and its own token's lookup and renewal, and nothing else. */
  createToken(key: string, options?: { readonly ttl?: string }): Promise<string>;
  /** With the root token. */
  ask(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<unknown>;
}

/** Builds the server with go when the cache does not hold it, and starts it with an empty transit engine at `transit`. */
export function startVault(options?: { readonly log?: (line: string) => void }): Promise<VaultServer>;
