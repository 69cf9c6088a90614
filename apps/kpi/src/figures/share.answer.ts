import type { MarketShareDto, ProviderShareDto } from '@gpubroker/contracts/kpi';
import { countedSql, GPUS, marketBasis, WHOLE_MARKET } from './counted.sql';
import type { MarketReading } from './market-reading';

/** Shares are not rounded: they add up to 1. */
export async function shareAnswer(reading: MarketReading): Promise<MarketShareDto> {
  const items = await reading.rows<ProviderShareDto>(
    `WITH ${countedSql(WHOLE_MARKET)},
     by_provider AS (
       SELECT provider, count(*)::int AS offers, ${GPUS} AS gpus, sum(coalesce(gpu_count, 1))::float8 AS exactly
       FROM counted GROUP BY provider
     )
     SELECT provider, offers, offers / sum(offers::float8) OVER () AS share, gpus, exactly / sum(exactly) OVER () AS gpu_share
     FROM by_provider ORDER BY offers DESC, provider COLLATE "C"`,
  );
  return {
    ...(await marketBasis(reading, WHOLE_MARKET)),
    total: items.length,
    total_offers: items.reduce((sum, { offers }) => sum + offers, 0),
    items,
  };
}
