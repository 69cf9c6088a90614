import fc from 'fast-check';
import { parseOfferQuery, wantsStrictness, type RawQuery } from './parse-offer-query';

const parsed = (raw: RawQuery) => {
  const result = parseOfferQuery(raw, false);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
};
const problems = (raw: RawQuery, strict = false) => {
  const result = parseOfferQuery(raw, strict);
  return result.ok ? [] : result.problems.map(({ field }) => field);
};

describe('the parameters of the list', () => {
  it('reads nothing as everything, cheapest first', () => {
    expect(parsed({}).query).toEqual({
      filters: {},
      sort: [{ field: 'price_per_hour', descending: false }],
      page: 1,
      perPage: 20,
    });
  });

  it.each([
    [{ gpu: 'H100' }, { gpuType: 'h100' }],
    [{ region: 'EU' }, { region: { kind: 'macro', macro: 'eu' } }],
    [{ region: 'us-' }, { region: { kind: 'prefix', prefix: 'us-' } }],
    [{ region: 'eastus' }, { region: { kind: 'code', code: 'eastus' } }],
    [{ compliance_tags: ['soc2', 'hipaa', 'soc2'] }, { complianceTags: ['soc2', 'hipaa'] }],
    [
      { min_price: '0.5', price_max: '2' },
      { priceMin: 0.5, priceMax: 2 },
    ],
    [
      { gpu_memory_gb: '80', gpu_count: '0.5' },
      { gpuMemory: 80, gpuCount: 0.5 },
    ],
    [
      { availability: 'limited', pricing: 'bid', provider: 'vastai', q: 'a 100' },
      { availability: 'limited', pricing: 'bid', provider: 'vastai', text: 'a 100' },
    ],
  ] as const)('understands %j', (raw, filters) => {
    expect(parsed(raw as RawQuery).query.filters).toEqual(filters);
  });

  it('takes a price to the last decimal that a double has, as doubles print it', () => {
    expect(parsed({ price_min: '1.5e-7' }).query.filters).toEqual({ priceMin: 1.5e-7 });
    expect(parsed({ max_price: '3.141592653589793' }).query.filters).toEqual({ priceMax: 3.141592653589793 });
  });

  it.each([
    ['NaN', 'max_price'],
    ['1e999', 'max_price'],
    ['1e5', 'max_price'],
    ['1000000.01', 'max_price'],
    ['-1', 'price_min'],
    [' 5', 'gpu_memory_min'],
    ['0x10', 'gpu_memory_max'],
    ['٣', 'gpu_count'],
    ['Infinity', 'gpu_memory_gb'],
    ['7', 'per_page'],
    ['0', 'page'],
    ['1.5', 'page'],
    ['maybe', 'availability'],
    ['cheap', 'sort'],
    ['--price_per_hour', 'sort'],
    ['abc', 'version'],
    ['x'.repeat(5_000), 'gpu_type'],
    ['x'.repeat(101), 'q'],
    ['iso9001', 'compliance_tag'],
  ])('refuses %s for %s', (value, field) => {
    expect(problems({ [field]: value })).toEqual([field]);
  });

  it('reports every bad field at once', () => {
    expect(problems({ page: '0', per_page: '7', max_price: 'x' }).sort()).toEqual(['max_price', 'page', 'per_page']);
  });

  it('refuses a repeated scalar, also when the repetition is an alias', () => {
    expect(problems({ gpu_type: ['a', 'b'] })).toEqual(['gpu_type']);
    expect(problems({ gpu_type: 'a', gpu: 'b' })).toEqual(['gpu_type']);
  });

  it('counts an empty value as absent', () => {
    expect(parsed({ gpu_type: '', max_price: '', compliance_tag: ['', 'soc2'], page: '' }).query.filters).toEqual({
      complianceTags: ['soc2'],
    });
  });

  it('warns of an unknown parameter, and refuses it when handling is strict', () => {
    expect(parsed({ colour: 'red' }).warnings).toEqual(['Unknown parameter ignored: colour']);
    expect(problems({ colour: 'red' }, true)).toEqual(['colour']);
  });

  it('warns of a range that nothing can be in', () => {
    expect(parsed({ price_min: '3', max_price: '2' }).warnings).toHaveLength(1);
    expect(parsed({ gpu_memory_min: '80', gpu_memory_max: '24' }).warnings).toHaveLength(1);
  });

  it('reads sort fields in their order, - for descending', () => {
    expect(parsed({ sort: '-reliability_score,price_per_hour' }).query.sort).toEqual([
      { field: 'reliability_score', descending: true },
      { field: 'price_per_hour', descending: false },
    ]);
  });

  it('counts a sort field that is named twice where it stands first', () => {
    expect(parsed({ sort: '-price_per_hour,gpu_memory_gb,price_per_hour' }).query.sort).toEqual([
      { field: 'price_per_hour', descending: true },
      { field: 'gpu_memory_gb', descending: false },
    ]);
  });

  it('never throws, whatever the text', () => {
    const names = fc.constantFrom(
      'gpu_type',
      'region',
      'max_price',
      'sort',
      'page',
      'version',
      'q',
      '__proto__',
      'compliance_tag',
    );
    fc.assert(
      fc.property(fc.dictionary(names, fc.oneof(fc.string(), fc.array(fc.string()))), (raw) => {
        expect(typeof parseOfferQuery(raw, false).ok).toBe('boolean');
      }),
    );
  });
});

it.each([
  ['handling=strict', true],
  ['Handling=Strict', true],
  ['handling="strict"', true],
  ['respond-async, handling = strict; foo', true],
  ['handling=lenient', false],
  ['mishandling=strict', false],
  ['handling=strictly', false],
  [undefined, false],
])('reads Prefer: %s as strict: %s', (prefer, strict) => {
  expect(wantsStrictness(prefer)).toBe(strict);
});
