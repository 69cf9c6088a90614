import type { PriceMessage } from '../delivery/price-message';
import { Backlog } from './backlog';

const message = (id: string, partition = 0, storedAt = 0): PriceMessage => ({
  id,
  partition,
  storedAt,
  committedAt: storedAt,
  subject: {
    offerId: 'o-1',
    gpuType: '',
    region: '',
    macroRegion: null,
    provider: '',
    availability: 'available',
    price: 1,
  },
  frame: Buffer.alloc(0),
});

/** What a client that saw `id` last is sent. */
function replayed(backlog: Backlog, id: string): string[] | null {
  const start = backlog.after(id);
  if (start === null) return null;
  const ids: string[] = [];
  for (let place = start.from; place < backlog.end; place += 1) {
    const kept = backlog.at(place);
    if (kept !== undefined && !start.has(kept, place)) ids.push(kept.id);
  }
  return ids;
}

const filled = (capacity: number, ...messages: PriceMessage[]): Backlog => {
  const backlog = new Backlog(capacity);
  for (const one of messages) backlog.add(one);
  return backlog;
};

describe('of one partition', () => {
  const backlog = filled(3, ...['a', 'b', 'c', 'd'].map((id) => message(id)));

  it.each([
    ['b', ['c', 'd']],
    ['d', []],
    ['a', null],
    ['z', null],
  ])('after %s comes %j', (id, expected) => {
    expect(replayed(backlog, id)).toEqual(expected);
  });

  it('knows nothing outside its bounds', () => {
    expect([backlog.first, backlog.end, backlog.newest?.id]).toEqual([1, 4, 'd']);
    expect([backlog.at(0), backlog.at(4), backlog.at(-1)]).toEqual([undefined, undefined, undefined]);
  });

  it('takes nothing twice, but again what it has forgotten', () => {
    const small = filled(2, message('a'), message('b'));
    expect(small.add(message('a'))).toBe(false);
    small.add(message('c'));
    expect(small.add(message('a'))).toBe(true);
    expect(replayed(small, 'c')).toEqual(['a']);
  });

  it('is empty at first', () => {
    const empty = new Backlog(2);
    expect([empty.newest, empty.after('a'), empty.first, empty.end]).toEqual([undefined, null, 0, 0]);
  });
});

describe('of several partitions', () => {
  it('repeats what another replica may have sent after the client’s last event', () => {
    // Another replica read partition 1 later than this one: its client has p1 of neither.
    const backlog = filled(10, message('q', 1, 1_000), message('p', 0, 1_001), message('r', 0, 1_002));
    expect(replayed(backlog, 'p')).toEqual(['q', 'r']);
  });

  it('does not repeat what is older than replicas can be apart, nor the client’s own partition', () => {
    const backlog = filled(10, message('old', 1, 0), message('own', 0, 90_000), message('p', 0, 100_000));
    expect(replayed(backlog, 'p')).toEqual([]);
  });

  it('asks for a snapshot when what it forgot may be missing', () => {
    const backlog = filled(2, message('q', 1, 99_000), message('p', 0, 100_000), message('r', 0, 100_001));
    expect(replayed(backlog, 'p')).toBeNull();
  });

  it('does not when what it forgot is old', () => {
    const backlog = filled(2, message('q', 1, 1_000), message('p', 0, 100_000), message('r', 0, 100_001));
    expect(replayed(backlog, 'p')).toEqual(['r']);
  });
});
