import { oneRow, type MarketReading } from './market-reading';

export interface SyncFigures {
  readonly uptime: number | null;
  readonly latency: number | null;
}

/** @param provider null: all clouds together */
export function syncFigures(reading: MarketReading, provider: string | null): Promise<SyncFigures> {
  return oneRow<SyncFigures>(
    reading,
    `SELECT round(100.0 * count(*) FILTER (WHERE ok) / nullif(count(*), 0), 4)::float8 AS uptime,
       round((avg(latency_ms) FILTER (WHERE ok))::numeric, 4)::float8 AS latency
     FROM kpi.syncs WHERE at > now() - interval '24 hours' AND ($1::text IS NULL OR provider = $1)`,
    [provider],
  );
}
