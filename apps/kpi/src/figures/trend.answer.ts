import type { DayPriceDto, PriceTrendDto } from '@gpubroker/contracts/kpi';
import { marketBasis, median, money, WHOLE_MARKET } from './counted.sql';
import type { MarketReading } from './market-reading';

/** Days in UTC, the last one until now: of each offer the price that stood when the day ended, so that each counts once. */
export async function trendAnswer(reading: MarketReading, days: number): Promise<PriceTrendDto> {
  const basis = await marketBasis(reading, WHOLE_MARKET);
  const rows = await reading.rows<DayPriceDto & { currency: string | null }>(
    `WITH main AS (SELECT coalesce($2, (SELECT mode() WITHIN GROUP (ORDER BY currency) FROM kpi.price_points)) AS currency),
     spans AS (
       SELECT offer_id, at, price_per_hour, availability_status, currency,
         lead(at) OVER (PARTITION BY offer_id ORDER BY at, event_id) AS until
       FROM kpi.price_points
     ),
     days AS (
       SELECT day, least(day + interval '24 hours', now()) AS ends
       FROM generate_series(0, $1 - 1) AS back, LATERAL (
         SELECT date_trunc('day', now(), 'UTC') - make_interval(hours => 24 * back) AS day) AS begins
     ),
     closing AS (
       SELECT * FROM spans WHERE (until IS NULL OR until >= (SELECT min(ends) FROM days))
         AND currency = (SELECT currency FROM main) AND availability_status <> 'unavailable' AND price_per_hour > 0
     )
     SELECT (SELECT currency FROM main) AS currency, to_char(days.day AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day,
       count(closing.offer_id)::int AS offers, ${money('avg(price_per_hour)')} AS avg_price_per_hour,
       ${money(median('price_per_hour'))} AS median_price_per_hour, ${money('min(price_per_hour)')} AS min_price_per_hour
     FROM days LEFT JOIN closing ON closing.at < days.ends AND (closing.until IS NULL OR closing.until >= days.ends)
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
