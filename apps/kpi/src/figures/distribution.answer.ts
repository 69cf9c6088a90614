import type { PriceDistributionDto } from '@gpubroker/contracts/kpi';
import { countedSql, marketBasis, WHOLE_MARKET } from './counted.sql';
import { histogram, type BucketRow } from './histogram';
import type { MarketReading } from './market-reading';

/** One width up to the 95th percentile: a few prices of a hundred times the median would else leave all others in one bucket. */
export async function distributionAnswer(reading: MarketReading, buckets: number): Promise<PriceDistributionDto> {
  const rows = await reading.rows<BucketRow>(
    `WITH ${countedSql(WHOLE_MARKET)},
     edges AS MATERIALIZED (
       SELECT min(price_per_hour) AS lowest, max(price_per_hour) AS highest,
         greatest(0.0001, ceil(10000 * ((percentile_cont(0.95) WITHIN GROUP (ORDER BY price_per_hour::float8))::numeric
           - min(price_per_hour)) / $1) / 10000) AS width
       FROM priced
     )
     SELECT least(floor((price_per_hour - lowest) / width),
         CASE WHEN highest > lowest + $1 * width THEN $1 ELSE $1 - 1 END)::int AS bucket, count(*)::int AS count,
       lowest::text AS lowest, highest::text AS highest, width::text AS width
     FROM priced, edges GROUP BY 1, lowest, highest, width ORDER BY 1`,
    [buckets],
  );
  return {
    ...(await marketBasis(reading, WHOLE_MARKET)),
    total: rows.reduce((sum, { count }) => sum + count, 0),
    items: histogram(rows, buckets),
  };
}
