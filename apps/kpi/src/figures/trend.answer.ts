import type { DayPriceDto, PriceTrendDto } from '@gpubroker/contracts/kpi';
import { marketBasis, median, money, WHOLE_MARKET } from './counted.sql';
import type { MarketReading } from './market-reading';

/**
 * Days in UTC, the last one until now. The last point of an offer and day stands until the next day that has one: an offer
 * that moves often counts once a day like all others.
 */
export async function trendAnswer(reading: MarketReading, days: number): Promise<PriceTrendDto> {
  const basis = await marketBasis(reading, WHOLE_MARKET);
  const rows = await reading.rows<DayPriceDto & { currency: string | null }>(
    `WITH main AS (SELECT coalesce($2, (SELECT mode() WITHIN GROUP (ORDER BY currency) FROM kpi.price_points)) AS currency),
     closing AS (
       SELECT DISTINCT ON (offer_id, day) offer_id, date_trunc('day', at, 'UTC') AS day, price_per_hour, availability_status
       FROM kpi.price_points WHERE currency = (SELECT currency FROM main) ORDER BY offer_id, day, at DESC, event_id DESC
     ),
     spans AS (SELECT *, lead(day) OVER (PARTITION BY offer_id ORDER BY day) AS until FROM closing),
     days AS (
       SELECT date_trunc('day', now(), 'UTC') - make_interval(hours => 24 * back) AS day FROM generate_series(0, $1 - 1) AS back
     )
     SELECT (SELECT currency FROM main) AS currency, to_char(days.day AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day,
       count(spans.offer_id)::int AS offers, ${money('avg(price_per_hour)')} AS avg_price_per_hour,
       ${money(median('price_per_hour'))} AS median_price_per_hour, ${money('min(price_per_hour)')} AS min_price_per_hour
     FROM days LEFT JOIN spans ON spans.day <= days.day AND (spans.until IS NULL OR spans.until > days.day)
       AND availability_status <> 'unavailable' AND price_per_hour > 0
     GROUP BY days.day ORDER BY days.day`,
    [days, basis.currency],
  );
  return {
    ...basis,
    currency: basis.currency ?? rows[0]?.currency ?? null,
    total: rows.length,
    items: rows.map(({ currency: _, ...day }) => day),
  };
}
