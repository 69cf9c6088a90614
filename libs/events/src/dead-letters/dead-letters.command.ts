import { parseArgs } from 'node:util';
import { EVENT_VERSION_HEADER, PRODUCT_EVENTS, type EventCatalog } from '@gpubroker/contracts/events';
import { Pool } from 'pg';
import { z } from 'zod';
import { KafkaTransport } from '../kafka';
import { PostgresLogTransport } from '../postgres-log';
import { DEAD_LETTER_REASONS, type EventTransport, type StoredRecord, type TransportOptions } from '../transport';
import { listDeadLetters, replayDeadLetters, type DeadLetterFilter } from './dead-letters';

const USAGE = `usage: node tools/dlq.mjs list TOPIC [filters] [--payload]
       node tools/dlq.mjs replay TOPIC [filters]
filters: --reason ${DEAD_LETTER_REASONS.join('|')}   --group GROUP   --id EVENT_ID
The log: KAFKA_BROKERS (host:port,…), else DATABASE_URL.
replay sends the letters to TOPIC as they first were; every group gets them and dedupes by event id. Repeating it is safe.`;

const WHOLE_PAYLOAD = Number.POSITIVE_INFINITY;
const SHORT_PAYLOAD = 120;

interface Command {
  readonly action: 'list' | 'replay';
  readonly topic: string;
  readonly filter: DeadLetterFilter;
  readonly payloadLength: number;
}

type Print = (line: string) => void;

/** The exit code: 0 done, 1 failed, 2 not understood. */
export async function runDeadLettersCommand(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  print: Print,
  catalog: EventCatalog = PRODUCT_EVENTS,
): Promise<number> {
  if (args.includes('--help')) {
    print(USAGE);
    return 0;
  }
  const command = readCommand(args, catalog);
  if (typeof command === 'string') {
    print(command);
    return 2;
  }
  const log = openLog(env, { catalog });
  if (log === null) {
    print('Neither KAFKA_BROKERS nor DATABASE_URL is set: which log is meant?');
    return 2;
  }
  try {
    await run(command, log.transport, catalog, print);
    return 0;
  } catch (error) {
    print(`failed: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    await log.close();
  }
}

function readCommand(args: readonly string[], catalog: EventCatalog): Command | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        reason: { type: 'string' },
        group: { type: 'string' },
        id: { type: 'string' },
        payload: { type: 'boolean' },
      },
    });
    const [action, topic] = z.tuple([z.enum(['list', 'replay']), z.string()]).parse(positionals);
    if (!catalog.has(topic)) return `Unknown topic ${topic}. Known: ${[...catalog.keys()].join(', ')}`;
    const filter: DeadLetterFilter = {
      ...(values.reason === undefined ? {} : { reason: z.enum(DEAD_LETTER_REASONS).parse(values.reason) }),
      ...(values.group === undefined ? {} : { group: values.group }),
      ...(values.id === undefined ? {} : { eventId: values.id }),
    };
    return { action, topic, filter, payloadLength: values.payload === true ? WHOLE_PAYLOAD : SHORT_PAYLOAD };
  } catch {
    return USAGE;
  }
}

function openLog(
  env: Readonly<Record<string, string | undefined>>,
  options: TransportOptions,
): { transport: EventTransport; close(): Promise<void> } | null {
  const { KAFKA_BROKERS: brokers, DATABASE_URL: url, DATABASE_DIRECT_URL: directUrl } = env;
  if (brokers) {
    const transport = new KafkaTransport({ brokers: brokers.split(','), clientId: 'dlq', ...options });
    return { transport, close: () => transport.close() };
  }
  if (!url) return null;
  const pool = new Pool({ connectionString: url, max: 1 });
  const transport = new PostgresLogTransport({ pool, directUrl: directUrl ?? url, ...options });
  return {
    transport,
    close: async () => {
      await transport.close();
      await pool.end();
    },
  };
}

async function run(command: Command, transport: EventTransport, catalog: EventCatalog, print: Print): Promise<void> {
  if (command.action === 'replay') {
    const compacted = catalog.get(command.topic)?.compacted === true;
    const { replayed, superseded } = await replayDeadLetters(
      transport,
      { topic: command.topic, compacted },
      command.filter,
    );
    print(`${replayed} sent to ${command.topic} again, ${superseded} left alone because a newer state is there`);
    return;
  }
  const letters = await listDeadLetters(transport, command.topic, command.filter);
  for (const letter of letters) print(describe(letter, command.payloadLength));
  print(`${letters.length} dead letters of ${command.topic}`);
}

function describe({ key, value, headers }: StoredRecord, payloadLength: number): string {
  const header = (name: string): string => headers[name] ?? '-';
  return [
    `${header('dlq-at')}  ${header('dlq-reason')}  group ${header('dlq-group')}  after ${header('dlq-attempts')} tries`,
    `  event ${header('event-id')}  version ${header(EVENT_VERSION_HEADER)}  key ${key ?? '-'}`,
    `  from ${header('dlq-topic')} partition ${header('dlq-partition')} offset ${header('dlq-offset')}  trace ${header('traceparent')}`,
    `  ${header('dlq-error')}`,
    `  ${(value ?? 'null').slice(0, payloadLength)}`,
  ].join('\n');
}
