import fc from 'fast-check';
import { deadLetterTopic, fromDeadLetter, isDeadLetterTopic, toDeadLetter } from './dead-letter';
import type { StoredRecord } from './event-record';

const cause = { group: 'kpi', reason: 'invalid', detail: 'x', attempts: 0, at: new Date(0) } as const;
const record: StoredRecord = {
  topic: 'offers',
  key: 'k',
  value: '{}',
  headers: { 'event-id': '1' },
  partition: 2,
  offset: '77',
  storedAt: new Date(0),
};

describe('a dead letter', () => {
  it('says where it came from and why', () => {
    expect(toDeadLetter(record, cause)).toEqual({
      topic: 'offers.dlq',
      key: 'k',
      value: '{}',
      headers: {
        'event-id': '1',
        'dlq-topic': 'offers',
        'dlq-partition': '2',
        'dlq-offset': '77',
        'dlq-group': 'kpi',
        'dlq-reason': 'invalid',
        'dlq-error': 'x',
        'dlq-attempts': '0',
        'dlq-at': '1970-01-01T00:00:00.000Z',
      },
    });
  });

  it('cuts an endless error', () => {
    const letter = toDeadLetter(record, { ...cause, detail: 'e'.repeat(1_000_000) });
    expect(letter.headers['dlq-error']).toHaveLength(2_000);
  });

  it('becomes the record it was, whatever that was', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(
        fc.option(text),
        fc.option(text),
        fc.dictionary(
          text.filter((name) => !name.startsWith('dlq-')),
          text,
        ),
        (key, value, headers) => {
          const { partition: _p, offset: _o, storedAt: _s, ...plain } = { ...record, key, value, headers };
          expect(fromDeadLetter(toDeadLetter({ ...record, key, value, headers }, cause))).toEqual(plain);
        },
      ),
    );
  });

  it('is recognised by its topic', () => {
    expect(isDeadLetterTopic(deadLetterTopic('offers'))).toBe(true);
    expect(isDeadLetterTopic('offers')).toBe(false);
    expect(fromDeadLetter({ ...record, topic: 'offers.dlq', headers: {} }).topic).toBe('offers');
  });
});
