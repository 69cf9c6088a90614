import { setTimeout as sleep } from 'node:timers/promises';
import { listDeadLetters, replayDeadLetters } from '../../src/dead-letters';
import {
  deadLetterTopic,
  DependencyUnavailableError,
  PermanentEventError,
  UnpublishableEventError,
  type DeliveredEvent,
  type EventHandler,
  type EventHandlers,
  type EventRecord,
  type EventTransport,
  type StartAt,
  type StoredRecord,
  type TransportOptions,
} from '../../src/transport';
import { eventually } from './eventually';
import { probeEvents, probeRecord, without, type Thing } from './probe-events';

/** One more process' worth of transport on the same log. */
export type MakeTransport = (options: TransportOptions) => EventTransport;

const FAST_RETRY = { attempts: 3, baseDelayMs: 10, maxDelayMs: 40, giveUpAfterMs: 5_000, handlerTimeoutMs: 4_000 };

/** What every event transport promises. Run for each filling, against the real server. */
export function describeTransport(name: string, makeTransport: MakeTransport): void {
  describe(name, () => {
    let probe: ReturnType<typeof probeEvents>;
    let transport: EventTransport;
    const open: EventTransport[] = [];
    const another = (options: TransportOptions = {}): EventTransport => {
      const made = makeTransport({ catalog: probe.catalog, retry: FAST_RETRY, lagEveryMs: 200, ...options });
      open.push(made);
      return made;
    };

    beforeEach(() => {
      probe = probeEvents();
      transport = another();
    });

    afterEach(async () => {
      await Promise.all(open.splice(0).map((each) => each.close()));
    });

    const thing = (n: number, key = 'k', text = ''): EventRecord => probeRecord(probe.things.topic, key, { n, text });
    const state = (n: number, key: string): EventRecord => probeRecord(probe.states.topic, key, { n });
    const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
    const group = (): string => `group-${probe.suffix}`;
    const numbers = (events: readonly { payload: unknown }[]): number[] =>
      events.map((event) => (event.payload as Thing).n);
    const onThings = (handle: (event: DeliveredEvent, signal: AbortSignal) => Promise<void> | void): EventHandlers => ({
      [probe.things.topic]: {
        kind: 'each',
        handle: async (event, signal) => {
          await handle(event, signal);
        },
      },
    });
    const collectThings = (into: DeliveredEvent[]): EventHandlers => onThings((event) => void into.push(event));
    const shared = (handlers: EventHandlers, through = transport) =>
      through.subscribe({ kind: 'shared', group: group(), handlers });
    const fanout = (from: StartAt, handlers: EventHandlers, through = transport) =>
      through.subscribe({ kind: 'fanout', group: `fan-${probe.suffix}`, from, handlers });
    const deadLetters = async (): Promise<StoredRecord[]> => {
      const letters: StoredRecord[] = [];
      for await (const letter of transport.replay(deadLetterTopic(probe.things.topic), 'earliest'))
        letters.push(letter);
      return letters;
    };

    describe('delivery', () => {
      it('gives a group everything in the order of its key, also what was there before the group', async () => {
        const got: DeliveredEvent[] = [];
        await transport.publish(range(0, 50).map((n) => thing(n)));
        await shared(collectThings(got));
        for (const n of range(50, 100)) await transport.publish([thing(n)]);
        await eventually(() => expect(got).toHaveLength(100));
        expect(numbers(got)).toEqual(range(0, 100));
      });

      it('keeps the order of each key among many', async () => {
        const got: DeliveredEvent[] = [];
        await shared(collectThings(got));
        await transport.publish(range(0, 600).map((n) => thing(n, `key-${n % 7}`)));
        await eventually(() => expect(got).toHaveLength(600));
        for (const key of range(0, 7).map((k) => `key-${k}`)) {
          const ofKey = numbers(got.filter((event) => event.key === key));
          expect(ofKey).toEqual([...ofKey].sort((a, b) => a - b));
        }
      });

      it('hands over id, version, headers, key and a payload with its defaults', async () => {
        const got: DeliveredEvent[] = [];
        const record = probeRecord(
          probe.things.topic,
          'schlüssel',
          { n: 1, later: true },
          { traceparent: '00-ab-cd-01' },
        );
        await shared(collectThings(got));
        await transport.publish([record]);
        await eventually(() => expect(got).toHaveLength(1));
        expect(got[0]).toMatchObject({
          id: record.headers['event-id'],
          topic: probe.things.topic,
          key: 'schlüssel',
          version: 1,
          payload: { n: 1, text: '' },
          headers: { traceparent: '00-ab-cd-01' },
          attempt: 1,
        });
        expect(Math.abs(Date.now() - got[0]!.storedAt.getTime())).toBeLessThan(60_000);
      });

      it('carries an event of 800 kB', async () => {
        const got: DeliveredEvent[] = [];
        await shared(collectThings(got));
        await transport.publish([thing(1, 'k', 'ä'.repeat(400_000)), thing(2)]);
        await eventually(() => expect(numbers(got)).toEqual([1, 2]));
      });

      it('hands a tombstone over as a null payload', async () => {
        const got: DeliveredEvent[] = [];
        const handler: EventHandler = {
          kind: 'each',
          handle: async (event) => {
            await Promise.resolve(got.push(event));
          },
        };
        await shared({ [probe.states.topic]: handler });
        await transport.publish([state(1, 'a'), probeRecord(probe.states.topic, 'a', null)]);
        await eventually(() => expect(got.map((event) => event.payload)).toEqual([{ n: 1, text: '' }, null]));
      });

      it('gives a batch handler many events at once', async () => {
        const batches: (readonly DeliveredEvent[])[] = [];
        await transport.publish(range(0, 120).map((n) => thing(n)));
        await shared({
          [probe.things.topic]: {
            kind: 'batch',
            handle: async (events) => {
              await Promise.resolve(batches.push(events));
            },
          },
        });
        await eventually(() => expect(batches.flat()).toHaveLength(120));
        expect(numbers(batches.flat())).toEqual(range(0, 120));
        expect(batches.length).toBeLessThan(20);
      });

      it('refuses topics without a contract', async () => {
        await expect(transport.publish([thing(1), probeRecord('nobody_knows', 'k', {})])).rejects.toThrow(
          UnpublishableEventError,
        );
        await expect(shared({ nobody_knows: { kind: 'each', handle: () => Promise.resolve() } })).rejects.toThrow(
          'no contract',
        );
        await expect(shared({})).rejects.toThrow('no topic');
      });
    });

    describe('groups', () => {
      it('goes on after the last handled event when its member comes back', async () => {
        const first: DeliveredEvent[] = [];
        const second: DeliveredEvent[] = [];
        const running = await shared(collectThings(first));
        await transport.publish(range(0, 20).map((n) => thing(n)));
        await eventually(() => expect(first).toHaveLength(20));
        await running.close();
        await transport.publish(range(20, 30).map((n) => thing(n)));
        await shared(collectThings(second), another());
        await eventually(() => expect(numbers(second)).toEqual(range(20, 30)));
      });

      it('delivers again what a member was handling when it left', async () => {
        const again: DeliveredEvent[] = [];
        let started = 0;
        const leaving = another();
        await shared(
          onThings(async (_event, signal) => {
            started += 1;
            await new Promise((_resolve, reject) => {
              signal.addEventListener('abort', () => {
                reject(new Error('interrupted'));
              });
            });
          }),
          leaving,
        );
        await transport.publish([thing(1), thing(2)]);
        await eventually(() => expect(started).toBe(1));
        await leaving.close();
        await shared(collectThings(again));
        await eventually(() => expect(numbers(again)).toEqual([1, 2]));
      });

      it('lets a running handler finish before it closes, and keeps its position', async () => {
        const first: number[] = [];
        const second: DeliveredEvent[] = [];
        const closing = another();
        await shared(
          onThings(async (event) => {
            first.push((event.payload as Thing).n);
            await sleep(300);
          }),
          closing,
        );
        await transport.publish([thing(1), thing(2)]);
        await eventually(() => expect(first).toEqual([1]));
        await closing.close();
        await shared(collectThings(second));
        await eventually(() => expect(numbers(second)).toEqual([2]));
        expect(first).toEqual([1]);
      });

      it('shares the events among the members of a group', async () => {
        const got: DeliveredEvent[] = [];
        await Promise.all([shared(collectThings(got)), shared(collectThings(got), another())]);
        for (const n of range(0, 60)) await transport.publish([thing(n, `key-${n}`)]);
        await eventually(() => expect(new Set(numbers(got)).size).toBe(60));
        await sleep(300);
        expect(new Set(got.map((event) => event.id)).size).toBe(60);
      });

      it('lets the others take over when a member leaves', async () => {
        const [first, second]: [DeliveredEvent[], DeliveredEvent[]] = [[], []];
        const leaving = another();
        await shared(collectThings(first), leaving);
        await shared(collectThings(second));
        await transport.publish(range(0, 10).map((n) => thing(n, `key-${n}`)));
        await eventually(() => expect(first.length + second.length).toBe(10));
        await leaving.close();
        await transport.publish(range(10, 20).map((n) => thing(n, `key-${n}`)));
        await eventually(() => expect(new Set(numbers([...first, ...second])).size).toBe(20));
      });

      it('gives every fan-out subscriber everything from its start on', async () => {
        const [old, first, second]: DeliveredEvent[][] = [[], [], []];
        await transport.publish([thing(1)]);
        await fanout('latest', collectThings(first!));
        await fanout('latest', collectThings(second!), another());
        await fanout('earliest', collectThings(old!), another());
        await transport.publish([thing(2), thing(3)]);
        await eventually(() => {
          expect(numbers(first!)).toEqual([2, 3]);
          expect(numbers(second!)).toEqual([2, 3]);
          expect(numbers(old!)).toEqual([1, 2, 3]);
        });
      });

      it('starts a fan-out subscriber at a time', async () => {
        const got: DeliveredEvent[] = [];
        await transport.publish([thing(1)]);
        await sleep(50);
        const since = new Date();
        await sleep(50);
        await transport.publish([thing(2)]);
        await fanout({ since }, collectThings(got));
        await transport.publish([thing(3)]);
        await eventually(() => expect(numbers(got)).toEqual([2, 3]));
      });
    });

    describe('failures', () => {
      it('tries a failing event again, then puts it aside and goes on with the ones behind it', async () => {
        const tries: number[] = [];
        const handled: number[] = [];
        await shared(
          onThings((event) => {
            const { n } = event.payload as Thing;
            if (n !== 2) return void handled.push(n);
            tries.push(event.attempt);
            throw new Error('no good');
          }),
        );
        const records = range(0, 5).map((n) => thing(n));
        await transport.publish(records);
        await eventually(() => expect(handled).toEqual([0, 1, 3, 4]));
        expect(tries).toEqual([1, 2, 3]);
        const [letter, ...more] = await deadLetters();
        expect(more).toEqual([]);
        expect(letter).toMatchObject({
          key: 'k',
          value: records[2]!.value,
          headers: {
            ...records[2]!.headers,
            'dlq-topic': probe.things.topic,
            'dlq-group': group(),
            'dlq-reason': 'handler_failed',
            'dlq-error': 'Error: no good',
            'dlq-attempts': '3',
          },
        });
        expect(letter!.headers['dlq-offset']).toMatch(/^\d+$/);
      });

      it('handles an event whose second try works', async () => {
        const attempts: number[] = [];
        await shared(
          onThings((event) => {
            attempts.push(event.attempt);
            if (event.attempt === 1) throw new Error('not yet');
          }),
        );
        await transport.publish([thing(1)]);
        await eventually(() => expect(attempts).toEqual([1, 2]));
        expect(await deadLetters()).toEqual([]);
      });

      it('puts an event aside at once when its handler refuses it', async () => {
        let tries = 0;
        await shared(
          onThings(() => {
            tries += 1;
            throw new PermanentEventError('never');
          }),
        );
        await transport.publish([thing(1)]);
        await eventually(async () => expect(await deadLetters()).toHaveLength(1));
        expect(tries).toBe(1);
        expect((await deadLetters())[0]!.headers).toMatchObject({ 'dlq-reason': 'handler_refused' });
      });

      it('waits for a dependency that is away and blames no event', async () => {
        const handled: number[] = [];
        let away = 10;
        await shared(
          onThings((event) => {
            away -= 1;
            if (away > 0) throw new DependencyUnavailableError('database');
            handled.push((event.payload as Thing).n);
          }),
        );
        await transport.publish([thing(1), thing(2)]);
        await eventually(() => expect(handled).toEqual([1, 2]));
        expect(await deadLetters()).toEqual([]);
      });

      it('gives up on a handler that never returns', async () => {
        const handled: number[] = [];
        const impatient = another({ retry: { ...FAST_RETRY, attempts: 2, handlerTimeoutMs: 200 } });
        await shared(
          onThings(async (event) => {
            const { n } = event.payload as Thing;
            if (n === 1) await new Promise(() => undefined);
            handled.push(n);
          }),
          impatient,
        );
        await transport.publish([thing(1), thing(2)]);
        await eventually(() => expect(handled).toEqual([2]));
        expect((await deadLetters())[0]!.headers['dlq-error']).toContain('longer than 200 ms');
      });

      it('keeps an event of an unknown version, hands it to nobody, and counts it', async () => {
        const got: DeliveredEvent[] = [];
        const counted: string[] = [];
        const observed = another({
          observer: { deadLettered: (...args) => void counted.push(args.slice(0, 3).join(' ')) },
        });
        await shared(collectThings(got), observed);
        const future = probeRecord(probe.things.topic, 'k', { n: 'a shape of tomorrow' }, { 'event-version': '2' });
        await transport.publish([future, thing(2)]);
        await eventually(() => expect(numbers(got)).toEqual([2]));
        expect(counted).toEqual([`${group()} ${probe.things.topic} unknown_version`]);
        expect(await deadLetters()).toMatchObject([
          { value: future.value, headers: { 'dlq-reason': 'unknown_version' } },
        ]);
      });

      it.each<[string, string, (record: EventRecord) => EventRecord]>([
        ['is not JSON', 'malformed', (record) => ({ ...record, value: '{"n": 1' })],
        ['has no payload', 'malformed', (record) => ({ ...record, value: null })],
        ['has no key', 'malformed', (record) => ({ ...record, key: null })],
        ['has no id', 'malformed', (record) => without(record, 'event-id')],
        ['has no version', 'unknown_version', (record) => without(record, 'event-version')],
        ['does not fit its schema', 'invalid', (record) => ({ ...record, value: '{"n":"1"}' })],
      ])('puts an event aside that %s', async (_what, reason, spoil) => {
        const got: DeliveredEvent[] = [];
        await shared(collectThings(got));
        await transport.publish([spoil(thing(1)), thing(2)]);
        await eventually(async () => {
          expect(numbers(got)).toEqual([2]);
          expect((await deadLetters()).map((letter) => letter.headers['dlq-reason'])).toEqual([reason]);
        });
      });

      it('finds the one event of a batch that is to blame', async () => {
        const handled = new Set<number>();
        await transport.publish(range(0, 30).map((n) => thing(n)));
        await shared({
          [probe.things.topic]: {
            kind: 'batch',
            handle: async (events) => {
              if (numbers(events).includes(13)) throw new Error('rolled back');
              for (const n of await Promise.resolve(numbers(events))) handled.add(n);
            },
          },
        });
        await eventually(() => expect(handled.size).toBe(29));
        expect((await deadLetters()).map((letter) => letter.value)).toEqual(['{"n":13,"text":""}']);
      });

      it('delivers a dead letter again when it is replayed', async () => {
        const handled: number[] = [];
        let broken = true;
        await shared(
          onThings((event) => {
            if (broken) throw new PermanentEventError('bug');
            handled.push((event.payload as Thing).n);
          }),
        );
        await transport.publish([thing(1), thing(2)]);
        await eventually(async () => expect(await listDeadLetters(transport, probe.things.topic)).toHaveLength(2));
        broken = false;
        expect(await replayDeadLetters(transport, probe.things, { reason: 'handler_refused' })).toEqual({
          replayed: 2,
          superseded: 0,
        });
        await eventually(() => expect(handled.sort()).toEqual([1, 2]));
      });

      it('does not let the replay of an old state replace a newer one', async () => {
        await shared({
          [probe.states.topic]: {
            kind: 'each',
            handle: async (event) => {
              await Promise.resolve();
              if (numbers([event])[0] === 1) throw new PermanentEventError('bug');
            },
          },
        });
        await transport.publish([state(1, 'a'), state(1, 'b'), state(2, 'a')]);
        await eventually(async () => expect(await listDeadLetters(transport, probe.states.topic)).toHaveLength(2));
        expect(await replayDeadLetters(transport, probe.states)).toEqual({ replayed: 1, superseded: 1 });
        const { records } = await transport.readCompacted(probe.states.topic);
        expect(records.map((record) => [record.key, record.value]).sort()).toEqual([
          ['a', '{"n":2}'],
          ['b', '{"n":1}'],
        ]);
      });
    });

    describe('reading without a group', () => {
      const replayed = async (from: StartAt): Promise<number[]> => {
        const records: StoredRecord[] = [];
        for await (const record of transport.replay(probe.things.topic, from)) records.push(record);
        return records.map((record) => (JSON.parse(record.value ?? '') as Thing).n);
      };

      it('replays from the oldest, from a time, and from the end', async () => {
        await transport.publish(range(0, 10).map((n) => thing(n)));
        await sleep(50);
        const since = new Date();
        await sleep(50);
        await transport.publish(range(10, 12).map((n) => thing(n)));
        expect(await replayed('earliest')).toEqual(range(0, 12));
        expect(await replayed({ since })).toEqual([10, 11]);
        expect(await replayed('latest')).toEqual([]);
      });

      it('replays nothing of a topic nobody has written to', async () => {
        expect(await replayed('earliest')).toEqual([]);
      });

      it('reads the newest of each key, and goes on behind it without a gap', async () => {
        await transport.publish([state(1, 'a'), state(1, 'b'), state(2, 'a'), state(1, 'c')]);
        await transport.publish([probeRecord(probe.states.topic, 'b', null)]);
        const { records, position } = await transport.readCompacted(probe.states.topic);
        expect(records.map((record) => [record.key, record.value]).sort()).toEqual([
          ['a', '{"n":2}'],
          ['c', '{"n":1}'],
        ]);
        await transport.publish([state(3, 'a'), state(1, 'd')]);
        const got: DeliveredEvent[] = [];
        await fanout(
          { after: position },
          {
            [probe.states.topic]: {
              kind: 'each',
              handle: async (event) => {
                await Promise.resolve(got.push(event));
              },
            },
          },
        );
        await eventually(() => expect(got.map((event) => event.key).sort()).toEqual(['a', 'd']));
      });
    });

    describe('watching', () => {
      it('counts what a group has not handled', async () => {
        await transport.publish(range(0, 7).map((n) => thing(n, `key-${n}`)));
        const lag = () => transport.lag(group(), [probe.things.topic]);
        expect(await lag()).toEqual([{ topic: probe.things.topic, lag: 7 }]);
        await shared(collectThings([]));
        await eventually(async () => expect(await lag()).toEqual([{ topic: probe.things.topic, lag: 0 }]));
      });

      it('reports a subscription that makes no progress, until it does', async () => {
        let stuck = true;
        const seen: number[] = [];
        const watched = another({ stallAfterMs: 600, observer: { lag: (_group, _topic, lag) => void seen.push(lag) } });
        await shared(
          onThings(() => {
            if (stuck) throw new DependencyUnavailableError('database');
          }),
          watched,
        );
        expect(watched.health().healthy).toBe(true);
        await transport.publish([thing(1)]);
        await eventually(() =>
          expect(watched.health()).toEqual({
            healthy: false,
            subscriptions: [{ group: group(), state: 'stalled', lag: 1 }],
          }),
        );
        expect(seen).toContain(1);
        stuck = false;
        await eventually(() => expect(watched.health().healthy).toBe(true));
      });
    });
  });
}
