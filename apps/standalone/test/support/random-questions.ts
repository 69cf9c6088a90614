import { MACRO_REGIONS, type ProviderItemDto } from '@gpubroker/contracts/offers';
import fc from 'fast-check';
import type { Question } from './naive-filter';

const SORTS = [
  'price_per_hour',
  'price_per_node_hour',
  'gpu_memory_gb',
  'reliability_score',
  'last_seen_at',
  'cost_per_token',
];

/** Questions made of what the rows contain, bent a little: most match something, few match everything. */
export function randomQuestions(rows: readonly ProviderItemDto[]): fc.Arbitrary<Question> {
  const oneOf = (read: (row: ProviderItemDto) => string) => fc.constantFrom(...new Set(rows.map(read)));
  const number = (read: (row: ProviderItemDto) => number | null) =>
    fc.constantFrom(...new Set(rows.map(read).filter((value) => value !== null)));
  const price = fc
    .tuple(
      number((row) => row.price_per_hour),
      fc.constantFrom(0.5, 1, 1, 2),
    )
    .map(([value, factor]) => Number((value * factor).toFixed(4)));
  const region = oneOf((row) => row.region);
  return fc
    .record(
      {
        gpu_type: pieceOf(oneOf((row) => row.gpu_type)),
        region: fc.oneof(
          region,
          region.map((code) => `${code.split('-')[0]}-`),
          fc.constantFrom(...MACRO_REGIONS),
        ),
        provider: fc.oneof({ weight: 9, arbitrary: oneOf((row) => row.provider) }, fc.constant('nobody')),
        availability: fc.constantFrom('available', 'limited', 'unavailable'),
        compliance_tag: fc.subarray(['gdpr', 'soc2', 'hipaa'], { minLength: 1 }),
        gpu_memory_min: number((row) => row.gpu_memory_gb),
        gpu_memory_max: number((row) => row.gpu_memory_gb),
        gpu_memory_gb: number((row) => row.gpu_memory_gb),
        gpu_count: number((row) => row.gpu_count),
        pricing: fc.constantFrom('on_demand', 'spot', 'bid'),
        price_min: price,
        max_price: price,
        sort: fc
          .subarray(SORTS, { minLength: 1, maxLength: 3 })
          .chain((names) => fc.tuple(...names.map((name) => fc.constantFrom(name, `-${name}`))))
          .map((names) => names.join(',')),
      },
      { requiredKeys: [] },
    )
    .chain((question) =>
      // With every filter set at once nothing would ever match.
      fc.subarray(Object.entries(question), { maxLength: 4 }).map((some) => Object.fromEntries(some) as Question),
    );
}

/** A part of a name, in another case. */
function pieceOf(names: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(names, fc.nat(20), fc.integer({ min: 1, max: 6 }), fc.boolean())
    .map(([name, from, length, lower]) => {
      const piece = name.slice(from % name.length).slice(0, length);
      return lower ? piece.toLowerCase() : piece;
    });
}

export function queryOf(question: Question): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(question) as [string, string | number | readonly string[]][])
    for (const one of [value].flat()) query.append(name, String(one));
  return query;
}
