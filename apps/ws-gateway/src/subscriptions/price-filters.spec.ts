import { parseFilters, type PriceFilters } from './price-filters';

describe('filters that are understood', () => {
  it.each<[Record<string, unknown>, PriceFilters]>([
    [{}, {}],
    [{ gpu_type: 'H100' }, { gpuType: 'h100' }],
    [{ gpu: 'H100' }, { gpuType: 'h100' }],
    [{ region: 'EU' }, { region: { kind: 'macro', macro: 'eu' } }],
    [{ region: 'us-' }, { region: { kind: 'prefix', prefix: 'us-' } }],
    [{ region: 'us-texas' }, { region: { kind: 'code', code: 'us-texas' } }],
    [
      { provider: 'vastai', availability: 'limited' },
      { provider: 'vastai', availability: 'limited' },
    ],
    [
      { price_min: 1, max_price: '2.5' },
      { priceMin: 1, priceMax: 2.5 },
    ],
    [
      { min_price: '0', price_max: 0 },
      { priceMin: 0, priceMax: 0 },
    ],
    [{ gpu_memory_min: 40 }, { gpuMemory: { least: 40, most: Infinity } }],
    [{ gpu_memory_max: '80' }, { gpuMemory: { least: 0, most: 80 } }],
    [
      { gpu_memory_gb: 80, gpu_count: 8 },
      { gpuMemory: { least: 80, most: 80 }, gpuCount: 8 },
    ],
    [
      { pricing: 'bid', compliance_tags: ['soc2', 'gdpr'] },
      { pricing: 'bid', complianceTags: ['soc2', 'gdpr'] },
    ],
    [{ gpu_type: '', region: null }, {}],
  ])('%j', (given, filters) => {
    expect(parseFilters(given)).toEqual({ ok: true, filters });
  });
});

describe('filters that are refused', () => {
  it.each<[Record<string, unknown>, string, RegExp]>([
    [{ colour: 'red' }, 'colour', /is not a filter/],
    [{ q: 'h100' }, 'q', /cannot be answered/],
    [{ gpu_memory_min: 'much' }, 'gpu_memory_min', /decimal/],
    [{ pricing: 'free' }, 'pricing', /one of on_demand/],
    [{ compliance_tag: ['soc2', 'x'] }, 'compliance_tag', /of soc2/],
    [{ compliance_tag: [['soc2']] }, 'compliance_tag', /of soc2/],
    [{ compliance_tag: 'soc2', compliance_tags: 'gdpr' }, 'compliance_tag', /once/],
    [{ constructor: 1 }, 'constructor', /is not a filter/],
    [{ gpu: 'a', gpu_type: 'b' }, 'gpu_type', /once/],
    [{ gpu_type: 7 }, 'gpu_type', /text/],
    [{ gpu_type: 'x'.repeat(101) }, 'gpu_type', /text/],
    [{ availability: 'gone' }, 'availability', /one of/],
    [{ max_price: -1 }, 'max_price', /decimal/],
    [{ max_price: '1e3' }, 'max_price', /decimal/],
    [{ max_price: true }, 'max_price', /decimal/],
    [{ ['y'.repeat(300)]: 1 }, 'y'.repeat(100), /is not a filter/],
  ])('%j', (given, field, message) => {
    expect(parseFilters(given)).toEqual({
      ok: false,
      problems: [{ field, message: expect.stringMatching(message) as string }],
    });
  });

  it('all at once', () => {
    const result = parseFilters({ a: 1, b: 2, max_price: 'x' });
    expect(result.ok ? [] : result.problems.map(({ field }) => field)).toEqual(['a', 'b', 'max_price']);
  });

  it('without a look at each when there are too many', () => {
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`f${index}`, 1]));
    expect(parseFilters(many)).toMatchObject({ ok: false, problems: [{ field: 'filters' }] });
  });
});
