/** What is used of ioredis 5: the driver is loaded only where REDIS_URL is set. */
declare module 'ioredis' {
  export interface RedisOptions {
    readonly lazyConnect: boolean;
    readonly enableOfflineQueue: boolean;
    readonly autoResendUnfulfilledCommands: boolean;
    readonly maxRetriesPerRequest: number;
    readonly connectTimeout: number;
    readonly keepAlive: number;
    readonly noDelay: boolean;
    readonly connectionName: string;
    readonly retryStrategy: (times: number) => number;
  }

  export class Redis {
    constructor(url: string, options: RedisOptions);
    readonly status: string;
    call(command: string, ...args: (string | number)[]): Promise<unknown>;
    connect(): Promise<void>;
    disconnect(reconnect?: boolean): void;
    on(event: 'ready' | 'close', listener: () => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
  }
}
