import type { KpiOverviewDto } from '@gpubroker/contracts/kpi';
import { countedSql, GPUS, median, money, WHOLE_MARKET } from './counted.sql';
import { oneRow, type MarketReading } from './market-reading';
import { overallSavings } from './savings.answer';
import { syncFigures } from './sync-figures';
import { unitCosts } from './unit-costs';

type Counts = Pick<
  KpiOverviewDto,
  'active_providers' | 'total_offers' | 'available_gpus' | 'gpu_models' | 'avg_price_per_hour' | 'median_price_per_hour'
>;

export async function overviewAnswer(reading: MarketReading): Promise<KpiOverviewDto> {
  const counts = await oneRow<Counts>(
    reading,
    `WITH ${countedSql(WHOLE_MARKET)}
     SELECT count(DISTINCT provider)::int AS active_providers, count(*)::int AS total_offers, ${GPUS} AS available_gpus,
       count(DISTINCT gpu_type)::int AS gpu_models,
       (SELECT ${money('avg(price_per_hour)')} FROM priced) AS avg_price_per_hour,
       (SELECT ${money(median('price_per_hour'))} FROM priced) AS median_price_per_hour
     FROM counted`,
  );
  const { uptime, latency } = await syncFigures(reading, null);
  return {
    ...(await unitCosts(reading, WHOLE_MARKET)),
    uptime_pct: uptime,
    avg_latency_ms: latency,
    ...counts,
    savings: await overallSavings(reading),
  };
}
