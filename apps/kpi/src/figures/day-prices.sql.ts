import { median, money } from './counted.sql';

/** What stood at the end of a day in one currency. */
export interface DayPrices {
  readonly offers: number;
  readonly avg_price_per_hour: number;
  readonly median_price_per_hour: number;
  readonly min_price_per_hour: number;
}

export interface DayRow {
  /** YYYY-MM-DD, UTC. */
  readonly day: string;
  readonly by_currency: Readonly<Record<string, DayPrices>>;
}

const SUMMARY = `json_build_object('offers', count(*)::int, 'avg_price_per_hour', ${money('avg(price_per_hour)')},
  'median_price_per_hour', ${money(median('price_per_hour'))}, 'min_price_per_hour', ${money('min(price_per_hour)')})`;

/** The last days, today included, each until it ends or until now. @param days a placeholder */
export const lastDaysSql = (days: string): string => `
  SELECT begins AT TIME ZONE 'UTC' AS day, least(begins + interval '24 hours', now()) AS ends
  FROM generate_series(0, ${days} - 1) AS back, LATERAL (
    SELECT date_trunc('day', now(), 'UTC') - make_interval(hours => 24 * back) AS begins) AS day`;

const byDay = (closing: string): string => `
  SELECT to_char(days.day, 'YYYY-MM-DD') AS day,
    coalesce(jsonb_object_agg(currency, summary) FILTER (WHERE currency IS NOT NULL), '{}') AS by_currency
  FROM days LEFT JOIN (
    SELECT day, currency, ${SUMMARY} AS summary FROM (${closing}) AS closing
    WHERE availability_status <> 'unavailable' AND price_per_hour > 0 GROUP BY day, currency
  ) AS summaries USING (day) GROUP BY days.day ORDER BY days.day`;

/**
 * Of days that a CTE `days (day, ends)` names: of each offer the price that stood when the day ended. Starts from each offer's
 * newest price, and looks for an older one only where that was set later.
 */
export const DAY_PRICES_SQL = byDay(`
  SELECT days.day, stood.* FROM days CROSS JOIN kpi.last_prices AS newest CROSS JOIN LATERAL (
    SELECT newest.price_per_hour, newest.currency, newest.availability_status WHERE newest.at < days.ends
    UNION ALL (
      SELECT price_per_hour, currency, availability_status FROM kpi.price_points AS point
      WHERE newest.at >= days.ends AND point.offer_id = newest.offer_id AND point.at < days.ends
      ORDER BY at DESC, event_id DESC LIMIT 1)
  ) AS stood`);

/** The same from every price point: what the kept days are compared with. */
export const DAY_PRICES_COUNTED_SQL = byDay(`
  SELECT days.day, spans.* FROM days JOIN (
    SELECT at, price_per_hour, availability_status, currency,
      lead(at) OVER (PARTITION BY offer_id ORDER BY at, event_id) AS until
    FROM kpi.price_points
  ) AS spans ON spans.at < days.ends AND (spans.until IS NULL OR spans.until >= days.ends)`);
