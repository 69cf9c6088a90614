import { readSearchQuery, search, SearchQueryError } from './search-query';
import type { VastRow } from './vastai-row';

const ROWS: VastRow[] = [
  {
    id: 1,
    gpu_name: 'RTX 4090',
    num_gpus: 1,
    dph_total: 0.4,
    verification: 'verified',
    rentable: true,
    rented: false,
    external: null,
    cpu_cores: 32,
  },
  {
    id: 2,
    gpu_name: 'RTX 4090',
    num_gpus: 2,
    dph_total: 0.9,
    verification: 'unverified',
    rentable: true,
    rented: false,
    external: null,
    cpu_cores: null,
  },
  {
    id: 3,
    gpu_name: 'H100 SXM',
    num_gpus: 8,
    dph_total: 12,
    verification: 'verified',
    rentable: true,
    rented: false,
    external: null,
    cpu_cores: 128,
  },
  {
    id: 4,
    gpu_name: 'H100 SXM',
    num_gpus: 1,
    dph_total: 1.6,
    verification: 'verified',
    rentable: false,
    rented: true,
    external: null,
    cpu_cores: 128,
  },
];
const found = (body: unknown) => search(ROWS, readSearchQuery(body)).map(({ id }) => id);

describe('bundles search', () => {
  it.each([
    ['nothing: verified, rentable, not rented', {}, [1, 3]],
    ['eq', { gpu_name: { eq: 'RTX 4090' } }, [1]],
    ['neq', { gpu_name: { neq: 'RTX 4090' } }, [3]],
    ['in', { gpu_name: { in: ['H100 SXM', 'B200'] } }, [3]],
    ['notin', { gpu_name: { notin: ['H100 SXM'] } }, [1]],
    ['gt', { num_gpus: { gt: 1 } }, [3]],
    ['gte', { num_gpus: { gte: 8 } }, [3]],
    ['lt', { dph_total: { lt: 0.4 } }, []],
    ['lte', { dph_total: { lte: 0.4 } }, [1]],
    ['two operators on one field', { num_gpus: { gte: 1, lt: 8 } }, [1]],
    ['unverified ones', { verified: { eq: false } }, [2]],
    ['both kinds', { verified: { in: [true, false] } }, [1, 2, 3]],
    ['rented ones', { rentable: { eq: false }, rented: { eq: true } }, [4]],
    ['a null flag as false', { external: { eq: false } }, [1, 3]],
    ['no number where there is none', { cpu_cores: { gte: 0 }, verified: { eq: false } }, []],
  ])('filters by %s', (_what, body, ids) => {
    expect(found(body)).toEqual(ids);
  });

  it('orders by the named fields', () => {
    expect(found({ order: [['dph_total', 'desc']] })).toEqual([3, 1]);
    expect(
      found({
        verified: { in: [true, false] },
        order: [
          ['gpu_name', 'asc'],
          ['num_gpus', 'desc'],
        ],
      }),
    ).toEqual([3, 2, 1]);
  });

  it('cuts at the limit without a word', () => {
    expect(found({ limit: 1 })).toEqual([1]);
  });

  it('never gives more than 1000 rows, and 64 when no limit is sent', () => {
    expect(readSearchQuery({ limit: 5_000 }).limit).toBe(1_000);
    expect(readSearchQuery({}).limit).toBe(64);
  });

  it.each([
    ['ask', 'on-demand'],
    ['interruptible', 'bid'],
    ['reserved', 'reserved'],
  ])('reads type %s as %s', (type, expected) => {
    expect(readSearchQuery({ type }).type).toBe(expected);
  });

  it.each([
    ['an operator it does not know', { gpu_name: { like: 'RTX' } }],
    ['a field no row has', { colour: { eq: 'red' } }],
    ['a filter that is no object', { gpu_name: 'RTX 4090' }],
    ['a limit of zero', { limit: 0 }],
    ['a type it does not know', { type: 'auction' }],
    ['a body that is no object', 'RTX 4090'],
  ])('refuses %s', (_what, body) => {
    expect(() => found(body)).toThrow(SearchQueryError);
  });
});
