import 'reflect-metadata';
import { Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern } from '@nestjs/microservices';
import { freshDatabase, type FreshDatabase } from '@gpubroker/testing/postgres';
import { Pool } from 'pg';
import {
  EventContext,
  EventHandlers,
  EventServer,
  OnEvent,
  OnEventBatch,
  type EventServerOptions,
} from '../src/handlers';
import { PostgresLogTransport } from '../src/postgres-log';
import { deadLetterTopic, PermanentEventError, type StoredRecord } from '../src/transport';
import { eventually } from './conformance/eventually';
import { probeEvents, probeRecord, type Thing } from './conformance/probe-events';

const probe = probeEvents();
const calls: { method: string; payload: unknown; context: EventContext }[] = [];

@EventHandlers()
class ThingHandlers {
  @OnEvent(probe.things)
  async onThing(payload: Thing, context: EventContext): Promise<void> {
    await Promise.resolve(calls.push({ method: 'onThing', payload, context }));
    if (payload.n === 2) throw new PermanentEventError('two is refused');
  }

  @OnEventBatch(probe.states)
  async onStates(payload: readonly (Thing | null)[], context: EventContext): Promise<void> {
    await Promise.resolve(calls.push({ method: 'onStates', payload, context }));
  }
}

@EventHandlers()
class SecondHandlers {
  @EventPattern(probe.things.topic)
  onThingToo(): void {
    // Never called: the service refuses to start.
  }
}

@Module({ controllers: [ThingHandlers] })
class ThingModule {}

@Module({ controllers: [ThingHandlers, SecondHandlers] })
class DoubleModule {}

let database: FreshDatabase;
let pool: Pool;
let transport: PostgresLogTransport;
let app: INestApplicationContext & { close(): Promise<void> };

async function start(module: new () => unknown, options: Partial<EventServerOptions> = {}): Promise<EventServer> {
  const server = new EventServer({ transport, group: 'things', ...options });
  const microservice = await NestFactory.createMicroservice(module, { strategy: server, logger: false });
  app = microservice;
  await microservice.listen();
  await server.subscribed();
  return server;
}

beforeAll(async () => {
  database = await freshDatabase();
  pool = new Pool({ connectionString: database.url, max: 2 });
});

beforeEach(() => {
  calls.length = 0;
  transport = new PostgresLogTransport({ pool, directUrl: database.url, catalog: probe.catalog, pollMs: 100 });
});

afterEach(async () => {
  await app.close();
  await transport.close();
  await pool.query('TRUNCATE events.event_log, events.group_offsets');
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

describe('EventServer', () => {
  it('calls the method of the topic with the payload and its context', async () => {
    await start(ThingModule);
    const record = probeRecord(probe.things.topic, 'k', { n: 1 }, { traceparent: '00-1-2-01' });
    await transport.publish([record]);
    await eventually(() => expect(calls).toHaveLength(1));
    expect(calls[0]).toMatchObject({ method: 'onThing', payload: { n: 1, text: '' } });
    const { context } = calls[0]!;
    expect(context).toBeInstanceOf(EventContext);
    expect(context.event).toMatchObject({ id: record.headers['event-id'], key: 'k', attempt: 1 });
    expect(context.traceparent).toBe('00-1-2-01');
    expect(context.signal.aborted).toBe(false);
  });

  it('hands a batch method many payloads, tombstones as null', async () => {
    await transport.publish([
      probeRecord(probe.states.topic, 'a', { n: 1 }),
      probeRecord(probe.states.topic, 'a', null),
    ]);
    await start(ThingModule);
    await eventually(() => expect(calls).toHaveLength(1));
    expect(calls[0]!.payload).toEqual([{ n: 1, text: '' }, null]);
    expect(calls[0]!.context.events.map((event) => event.key)).toEqual(['a', 'a']);
    expect(() => calls[0]!.context.event).toThrow('many events');
    expect(calls[0]!.context.traceparent).toBeNull();
  });

  it('lets the transport see the error that the method threw', async () => {
    await start(ThingModule);
    await transport.publish([
      probeRecord(probe.things.topic, 'k', { n: 2 }),
      probeRecord(probe.things.topic, 'k', { n: 3 }),
    ]);
    await eventually(() => expect(calls).toHaveLength(2));
    const letters: StoredRecord[] = [];
    for await (const letter of transport.replay(deadLetterTopic(probe.things.topic), 'earliest')) letters.push(letter);
    expect(letters.map(({ headers }) => [headers['dlq-reason'], headers['dlq-error']])).toEqual([
      ['handler_refused', 'PermanentEventError: two is refused'],
    ]);
  });

  it('runs every call inside the surrounding function', async () => {
    const around: string[] = [];
    await start(ThingModule, {
      around: async (context, handle) => {
        around.push(`before ${context.event.key}`);
        await handle();
        around.push('after');
      },
    });
    await transport.publish([probeRecord(probe.things.topic, 'k', { n: 1 })]);
    await eventually(() => expect(around).toEqual(['before k', 'after']));
  });

  it('gives each replica everything when it fans out', async () => {
    await transport.publish([probeRecord(probe.things.topic, 'k', { n: 1 })]);
    await start(ThingModule, { fanout: { from: 'latest' } });
    await transport.publish([probeRecord(probe.things.topic, 'k', { n: 3 })]);
    await eventually(() => expect(calls.map((call) => call.payload)).toEqual([{ n: 3, text: '' }]));
  });

  it('starts without the log, and ends without having found it', async () => {
    const nobody = 'postgres://nobody@127.0.0.1:1/none';
    const away = new PostgresLogTransport({ pool, directUrl: nobody, catalog: probe.catalog });
    const server = new EventServer({ transport: away, group: 'things' });
    const microservice = await NestFactory.createMicroservice(ThingModule, { strategy: server, logger: false });
    app = microservice;
    await microservice.listen();
    await microservice.close();
    expect(away.health().subscriptions).toEqual([]);
  });

  it('refuses two methods of one topic', async () => {
    await expect(start(DoubleModule)).rejects.toThrow('one must do');
  });

  it('knows its transport and emits nothing', async () => {
    const server = await start(ThingModule);
    expect(server.unwrap()).toBe(transport);
    expect(() => server.on()).toThrow('emits no events');
  });
});
