export interface RedisServer {
  /** What REDIS_URL takes. The same after a restart. */
  readonly url: string;
  readonly port: number;
  /** Of the server, or null while it is down. */
  readonly pid: number | null;
  /** Starts it again after kill(), empty, on the same port. */
  start(): Promise<void>;
  /** kill -9. */
  kill(): Promise<void>;
  /** SIGSTOP: it takes connections and answers nothing. */
  freeze(): void;
  thaw(): void;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** Starts one redis-server that keeps nothing on disk; installs it by apt where it is missing and that is allowed. */
export function startRedis(options?: { readonly log?: (line: string) => void }): Promise<RedisServer>;
