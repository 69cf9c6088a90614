import type { PricePercentilesDto, WindowPercentilesDto } from '@gpubroker/contracts/kpi';
import type { MarketReading } from './market-reading';

/** In the order of the columns they become. */
const WINDOWS = ['24 hours', '7 days', '30 days'] as const;

export interface PriceWindows {
  /** Null when there never was a price. */
  readonly currency: string | null;
  readonly percentiles: WindowPercentilesDto;
}

type WindowRow = PricePercentilesDto & { currency: string | null };

/**
 * The prices that were in force within each window, also if they were set before it began: each price of each offer once,
 * so that an offer that moves often counts no more than its prices.
 * @param currency null takes the one that most of the prices are in
 */
export async function priceWindows(
  reading: MarketReading,
  gpuTypes: readonly string[],
  currency: string | null,
): Promise<PriceWindows> {
  const rows = await reading.rows<WindowRow>(
    `WITH points AS MATERIALIZED (SELECT * FROM kpi.price_points WHERE gpu_type = ANY($1::text[])),
     main AS (SELECT coalesce($2, (SELECT mode() WITHIN GROUP (ORDER BY currency) FROM points)) AS currency),
     spans AS (
       SELECT offer_id, price_per_hour, availability_status, currency,
         lead(at) OVER (PARTITION BY offer_id ORDER BY at, event_id) AS until
       FROM points
     ),
     windows AS (SELECT span::interval, position FROM unnest($3::text[]) WITH ORDINALITY AS listed (span, position)),
     seen AS (
       SELECT DISTINCT position, offer_id, price_per_hour FROM spans JOIN windows ON until IS NULL OR until > now() - span
       WHERE currency = (SELECT currency FROM main) AND availability_status <> 'unavailable' AND price_per_hour > 0
     )
     SELECT (SELECT currency FROM main) AS currency, count(offer_id)::int AS prices, ${[10, 25, 50, 75, 90]
       .map((rank) => `${percentile(rank)} AS p${rank}`)
       .join(', ')}
     FROM windows LEFT JOIN seen USING (position) GROUP BY position ORDER BY position`,
    [[...gpuTypes], currency, [...WINDOWS]],
  );
  const [day, week, month] = rows.map(({ currency: _, ...percentiles }) => percentiles);
  if (day === undefined || week === undefined || month === undefined) throw new Error('a window has no row');
  return { currency: rows[0]?.currency ?? null, percentiles: { last_24h: day, last_7d: week, last_30d: month } };
}

const percentile = (rank: number): string =>
  `round((percentile_cont(${rank / 100}) WITHIN GROUP (ORDER BY price_per_hour::float8))::numeric, 4)::float8`;
