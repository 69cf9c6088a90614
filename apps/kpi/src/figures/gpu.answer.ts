import type { GpuKpiDto } from '@gpubroker/contracts/kpi';
import { ApiError } from '@gpubroker/platform/errors';
import { knownGpus } from '../projection/known-gpus';
import { countedSql, GPUS, median, money, ofGpus } from './counted.sql';
import { gpuCoverage } from './gpu-coverage';
import { oneRow, type MarketReading } from './market-reading';
import { priceWindows } from './price-windows';
import { unitCosts } from './unit-costs';

type Counts = Pick<
  GpuKpiDto,
  | 'total_offers'
  | 'providers'
  | 'available_gpus'
  | 'avg_price_per_hour'
  | 'min_price_per_hour'
  | 'max_price_per_hour'
  | 'median_price_per_hour'
  | 'price_stddev'
>;

/** @throws ApiError NOT_FOUND for a GPU that no offer ever had */
export async function gpuAnswer(reading: MarketReading, name: string): Promise<GpuKpiDto> {
  const coverage = gpuCoverage(name, await knownGpus({ query: (sql) => reading.rows(sql) }));
  if (coverage === null) throw new ApiError('NOT_FOUND', 'No offer of this GPU is known');
  const scope = ofGpus(coverage.covers);
  const counts = await oneRow<Counts>(
    reading,
    `WITH ${countedSql(scope)},
     amounts AS (
       SELECT ${money('avg(price_per_hour)')} AS avg_price_per_hour, ${money('min(price_per_hour)')} AS min_price_per_hour,
         ${money('max(price_per_hour)')} AS max_price_per_hour, ${money(median('price_per_hour'))} AS median_price_per_hour,
         ${money('stddev(price_per_hour)')} AS price_stddev
       FROM priced
     )
     SELECT totals.*, amounts.* FROM amounts, (
       SELECT count(*)::int AS total_offers, count(DISTINCT provider)::int AS providers, ${GPUS} AS available_gpus FROM counted
     ) AS totals`,
    scope.values,
  );
  const costs = await unitCosts(reading, scope);
  const { currency, percentiles } = await priceWindows(reading, coverage.covers, costs.currency);
  return {
    ...costs,
    currency: costs.currency ?? currency,
    gpu_type: coverage.gpuType,
    covered_as: coverage.coveredAs,
    covers: [...coverage.covers],
    ...counts,
    price_percentiles: percentiles,
  };
}
