/** Answers kept for a while. Every filling may forget at any time, and none may make a request fail (SPEC G12). */
export interface Cache {
  get(key: string): Promise<string | null>;
  set(key: string, value: string, ttlSeconds: number): Promise<void>;
  /** Drops every key that starts with the prefix. */
  drop(prefix: string): Promise<void>;
  /** For /health. */
  isUp(): boolean;
}

export const CACHE = Symbol('CACHE');
