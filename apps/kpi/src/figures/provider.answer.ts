import type { ProviderKpiDto } from '@gpubroker/contracts/kpi';
import { ApiError } from '@gpubroker/platform/errors';
import { countedSql, GPUS, marketBasis, money, ofProvider } from './counted.sql';
import { oneRow, type MarketReading } from './market-reading';
import { syncFigures } from './sync-figures';

type Counts = Pick<
  ProviderKpiDto,
  | 'total_offers'
  | 'available_gpus'
  | 'gpu_models'
  | 'avg_price_per_hour'
  | 'min_price_per_hour'
  | 'max_price_per_hour'
  | 'price_volatility'
>;

interface CloudRow {
  provider: string;
  last_good_sync_at: Date | null;
  stale: boolean;
}

/** @throws ApiError NOT_FOUND for a cloud that was never heard of */
export async function providerAnswer(reading: MarketReading, name: string): Promise<ProviderKpiDto> {
  const { provider, last_good_sync_at, stale } = await knownCloud(reading, name);
  const scope = ofProvider(provider);
  const counts = await oneRow<Counts>(
    reading,
    `WITH ${countedSql(scope)},
     amounts AS (
       SELECT ${money('avg(price_per_hour)')} AS avg_price_per_hour, ${money('min(price_per_hour)')} AS min_price_per_hour,
         ${money('max(price_per_hour)')} AS max_price_per_hour
       FROM priced
     ),
     by_offer AS (
       SELECT stddev(point.price_per_hour) / nullif(avg(point.price_per_hour), 0) AS volatility
       FROM kpi.price_points AS point JOIN counted USING (offer_id)
       WHERE point.at > now() - interval '7 days' GROUP BY offer_id
     )
     SELECT totals.*, amounts.*, (SELECT ${money('avg(volatility)')} FROM by_offer) AS price_volatility FROM amounts, (
       SELECT count(*)::int AS total_offers, ${GPUS} AS available_gpus, count(DISTINCT gpu_type)::int AS gpu_models FROM counted
     ) AS totals`,
    scope.values,
  );
  const { uptime, latency } = await syncFigures(reading, provider);
  return {
    ...(await marketBasis(reading, scope)),
    provider,
    ...counts,
    uptime_percentage: uptime,
    avg_latency_ms: latency,
    last_good_sync_at: last_good_sync_at?.toISOString() ?? null,
    stale,
  };
}

/** Before the first sync has ended only its offers are known. */
async function knownCloud(reading: MarketReading, name: string): Promise<CloudRow> {
  const slug = name.trim().toLowerCase();
  const [cloud] = await reading.rows<CloudRow>(
    `SELECT provider, last_good_sync_at, coalesce(last_good_sync_at
         < now() - 3 * make_interval(secs => coalesce(interval_seconds, 300)), true) AS stale
     FROM kpi.providers WHERE provider = $1
     UNION ALL
     (SELECT provider, NULL, false FROM kpi.offers WHERE provider = $1 LIMIT 1) LIMIT 1`,
    [slug],
  );
  if (cloud === undefined) throw new ApiError('NOT_FOUND', 'This cloud is not known');
  return cloud;
}
