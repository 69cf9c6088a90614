export interface KafkaServer {
  /** host:port, what KAFKA_BROKERS takes. The same after a restart. */
  readonly brokers: string;
  /** Of the broker, or null while it is down. */
  readonly pid: number | null;
  /** Starts the broker again after kill(); resolves when an event has gone through it. */
  start(): Promise<void>;
  /** kill -9; the data stays. */
  kill(): Promise<void>;
  /** Ends the broker in order and starts it again on the same ports and data. */
  restart(): Promise<void>;
  /** Ends the broker and removes its data. */
  stop(): Promise<void>;
}

export interface KafkaServerOptions {
  /** Further lines of server.properties; they win over the defaults. */
  readonly properties?: Readonly<Record<string, string | number | boolean>>;
  readonly log?: (line: string) => void;
}

/** Fetches Apache Kafka with Maven when the cache does not hold it, formats a new data folder and starts one node. */
export function startKafka(options?: KafkaServerOptions): Promise<KafkaServer>;
