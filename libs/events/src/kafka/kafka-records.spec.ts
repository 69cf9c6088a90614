import fc from 'fast-check';
import type { EventRecord } from '../transport';
import {
  chunkBySize,
  groupByTopic,
  offsetAfter,
  positionAtEnd,
  recordsBehind,
  topicSettings,
  toStoredRecord,
} from './kafka-records';

const record = (value: string, topic = 't'): EventRecord => ({ topic, key: 'k', value, headers: {} });

describe('chunkBySize', () => {
  it('loses nothing, keeps the order, and overfills no chunk with more than one record', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 3_000 })),
        fc.integer({ min: 200, max: 4_000 }),
        (sizes, limit) => {
          const records = sizes.map((size, n) => record(String(n).padEnd(size, 'x')));
          const chunks = chunkBySize(records, limit);
          expect(chunks.flat()).toEqual(records);
          for (const chunk of chunks) {
            const bytes = chunk.reduce((sum, { value }) => sum + (value?.length ?? 0) + 101, 0);
            expect(chunk.length === 1 || bytes <= limit).toBe(true);
          }
        },
      ),
    );
  });

  it('counts bytes, not characters, of everything that travels', () => {
    const heavy: EventRecord = { topic: 't', key: null, value: null, headers: { traceparent: 'ä'.repeat(450_000) } };
    expect(chunkBySize([heavy, heavy])).toHaveLength(2);
  });
});

describe('the arithmetic of offsets', () => {
  it.each([
    ['a group that never was is at the oldest', '3', '10', undefined, 7],
    ['so is one that kept nothing here', '3', '10', '-1', 7],
    ['a group at its place', '3', '10', '8', 2],
    ['a group whose place was removed', '3', '10', '1', 7],
    ['a group at the end', '3', '10', '10', 0],
    ['a group beyond a log that was cut', '3', '10', '12', 0],
    ['offsets beyond what a double holds', '0', '9007199254740999', '9007199254740998', 1],
  ])('%s', (_what, low, high, next, lag) => {
    expect(recordsBehind({ partition: 0, low, high }, next)).toBe(lag);
  });

  it('does not lose the last digit', () => {
    expect(offsetAfter('9007199254740993')).toBe('9007199254740994');
    expect(positionAtEnd([{ partition: 1, low: '0', high: '0' }])).toEqual({ 1: '-1' });
  });
});

describe('records and topics', () => {
  it('reads keys, values and the first of repeated headers as text', () => {
    const stored = toStoredRecord('t', 1, {
      key: Buffer.from('ü'),
      value: null,
      timestamp: '1000',
      offset: '5',
      headers: { a: Buffer.from('1'), b: ['2', '3'], c: 'text' },
    });
    expect(stored).toEqual({
      topic: 't',
      partition: 1,
      offset: '5',
      key: 'ü',
      value: null,
      headers: { a: '1', b: '2', c: 'text' },
      storedAt: new Date(1000),
    });
    expect(toStoredRecord('t', 0, { key: null, value: Buffer.from(''), timestamp: '0', offset: '0' })).toMatchObject({
      key: null,
      value: '',
      headers: {},
    });
  });

  it('keeps the order within each topic', () => {
    const groups = groupByTopic([record('1'), record('2', 'u'), record('3')]);
    expect([...groups].map(([topic, records]) => [topic, records.map(({ value }) => value)])).toEqual([
      ['t', ['1', '3']],
      ['u', ['2']],
    ]);
  });

  it('keeps states for ever, events a week and dead letters a month', () => {
    expect(topicSettings('offers', true)).toMatchObject({ 'cleanup.policy': 'compact' });
    expect(topicSettings('price_updates', false)).toMatchObject({ 'retention.ms': '604800000' });
    expect(topicSettings('offers.dlq', false)).toMatchObject({ 'retention.ms': '2592000000' });
  });
});
