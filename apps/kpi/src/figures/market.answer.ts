import type { GpuMarketDto, MarketInsightsDto, NamedOfferDto } from '@gpubroker/contracts/kpi';
import { countedSql, marketBasis, median, money, WHOLE_MARKET } from './counted.sql';
import { oneRow, type MarketReading } from './market-reading';

type Totals = Pick<
  MarketInsightsDto,
  'total_providers' | 'total_offers' | 'avg_market_price' | 'median_market_price' | 'price_stddev'
>;

export async function marketAnswer(reading: MarketReading): Promise<MarketInsightsDto> {
  const totals = await oneRow<Totals>(
    reading,
    `WITH ${countedSql(WHOLE_MARKET)}
     SELECT (SELECT count(DISTINCT provider)::int FROM counted) AS total_providers,
       (SELECT count(*)::int FROM counted) AS total_offers, ${money('avg(price_per_hour)')} AS avg_market_price,
       ${money(median('price_per_hour'))} AS median_market_price, ${money('stddev(price_per_hour)')} AS price_stddev
     FROM priced`,
  );
  return {
    ...(await marketBasis(reading, WHOLE_MARKET)),
    ...totals,
    cheapest_gpu_offer: await firstOffer(reading, 'ASC'),
    most_expensive_gpu_offer: await firstOffer(reading, 'DESC'),
    by_gpu: await byGpu(reading),
  };
}

/** Of several with one price the one with the smallest id. */
async function firstOffer(reading: MarketReading, direction: 'ASC' | 'DESC'): Promise<NamedOfferDto | null> {
  const [offer] = await reading.rows<NamedOfferDto>(
    `WITH ${countedSql(WHOLE_MARKET)}
     SELECT offer_id, provider, gpu_type, gpu_count::float8 AS gpu_count, region, pricing, source,
       ${money('price_per_hour')} AS price_per_hour, currency
     FROM priced ORDER BY priced.price_per_hour ${direction}, offer_id COLLATE "C" LIMIT 1`,
  );
  return offer ?? null;
}

function byGpu(reading: MarketReading): Promise<GpuMarketDto[]> {
  return reading.rows<GpuMarketDto>(
    `WITH ${countedSql(WHOLE_MARKET)}
     SELECT gpu_type, count(*)::int AS offers, ${money('min(price_per_hour)')} AS min_price_per_hour,
       ${money('avg(price_per_hour)')} AS avg_price_per_hour, ${money(median('price_per_hour'))} AS median_price_per_hour,
       ${money('max(price_per_hour)')} AS max_price_per_hour
     FROM priced GROUP BY gpu_type ORDER BY count(*) DESC, gpu_type COLLATE "C"`,
  );
}
