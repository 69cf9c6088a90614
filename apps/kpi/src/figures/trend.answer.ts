import type { PriceTrendDto } from '@gpubroker/contracts/kpi';
import { marketBasis, WHOLE_MARKET } from './counted.sql';
import { DAY_PRICES_SQL, lastDaysSql, type DayRow } from './day-prices.sql';
import { oneRow, type MarketReading } from './market-reading';

const NOTHING = { offers: 0, avg_price_per_hour: null, median_price_per_hour: null, min_price_per_hour: null };

/** Days in UTC, the last one until now: of each offer the price that stood when the day ended, so that each counts once. */
export async function trendAnswer(reading: MarketReading, days: number): Promise<PriceTrendDto> {
  const basis = await marketBasis(reading, WHOLE_MARKET);
  const currency = basis.currency ?? (await usualCurrency(reading));
  const rows = await dayRows(reading, days);
  return {
    ...basis,
    currency,
    total: rows.length,
    items: rows.map(({ day, by_currency }) => {
      const { offers, ...prices } = by_currency[currency ?? ''] ?? NOTHING;
      return { day, offers, ...prices };
    }),
  };
}

/** Days that have ended are read as they are kept; today, and a day that is not kept now, is summed up from the prices. */
export async function dayRows(reading: MarketReading, days: number): Promise<DayRow[]> {
  const kept = await reading.rows<DayRow>(
    `SELECT to_char(day, 'YYYY-MM-DD') AS day, by_currency
     FROM kpi.day_prices JOIN (${lastDaysSql('$1::int')}) AS days USING (day)
     WHERE ends < now() ORDER BY day`,
    [days],
  );
  const others = await reading.rows<DayRow>(
    `WITH days AS MATERIALIZED (
       SELECT day, ends FROM (${lastDaysSql('$1::int')}) AS days WHERE to_char(day, 'YYYY-MM-DD') <> ALL ($2::text[]))
     ${DAY_PRICES_SQL}`,
    [days, kept.map(({ day }) => day)],
  );
  return [...kept, ...others].sort((a, b) => (a.day < b.day ? -1 : 1));
}

/** Of a market in which no offer counts now: the currency that most of its prices were in. */
async function usualCurrency(reading: MarketReading): Promise<string | null> {
  const { currency } = await oneRow<{ currency: string | null }>(
    reading,
    'SELECT mode() WITHIN GROUP (ORDER BY currency) AS currency FROM kpi.last_prices',
  );
  return currency;
}
