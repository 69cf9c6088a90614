import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import { forecast } from './forecast';
import { ordered, type PricePoint } from './price-series';

const FILES = ['primeintellect_history_GH200_96GB.jsonl', 'primeintellect_history_H100_80GB_SXM5.jsonl.gz'];
const PRICES = ['min', 'median', 'mean', 'max'] as const;
const HOUR_MS = 3_600_000;
const FIRST_ORIGIN_HOURS = 72;

type Row = { timestamp: string; price_stats: Record<(typeof PRICES)[number], number> };

function rowsOf(path: string): Row[] {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
}

/** Share of later prices inside the interval that was forecast from what was known before, origins six hours apart. */
function coverage(series: readonly PricePoint[], horizonHours: number): number {
  const start = series[0]?.at ?? 0;
  const end = series.at(-1)?.at ?? 0;
  let [inside, all] = [0, 0];
  for (
    let origin = start + FIRST_ORIGIN_HOURS * HOUR_MS;
    origin + horizonHours * HOUR_MS <= end;
    origin += 6 * HOUR_MS
  ) {
    const known = series.filter(({ at }) => at <= origin);
    const price = known.at(-1)?.value ?? 0;
    const points = forecast([...known, { at: origin, value: price }], horizonHours);
    for (const { at, low, high } of points) {
      const later = series.filter((point) => point.at <= at).at(-1)?.value ?? price;
      all += 1;
      if (later >= low - 1e-9 && later <= high + 1e-9) inside += 1;
    }
  }
  return inside / all;
}

describeWithShared('the 90 % interval over real histories', (shared) => {
  const histories = FILES.flatMap((file) => {
    const rows = rowsOf(join(shared, 'data/market-history', file));
    return PRICES.map((price) => ({
      name: `${price} of ${file.replace(/\..*/, '')}`,
      series: ordered(
        rows.map(({ timestamp, price_stats: stats }) => ({ at: Date.parse(timestamp), value: stats[price] })),
      ),
    }));
  });

  it.each(histories)('covers at least 80 % a day ahead: $name', ({ series }) => {
    expect(coverage(series, 24)).toBeGreaterThanOrEqual(0.8);
  });

  it.each(histories)('covers at least 80 % three days ahead: $name', ({ series }) => {
    expect(coverage(series, 72)).toBeGreaterThanOrEqual(0.8);
  });
});
