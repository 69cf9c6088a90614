import type { MarketBasisDto, SourceCountDto } from '@gpubroker/contracts/kpi';
import { oneRow, type MarketReading } from './market-reading';

/** Which offers a question is about; a condition on `kpi.counted_offers`, with its values from $1. */
export interface Scope {
  readonly where: string;
  readonly values: unknown[];
}

export const WHOLE_MARKET: Scope = { where: 'true', values: [] };
export const ofGpus = (gpuTypes: readonly string[]): Scope => ({
  where: 'gpu_type = ANY($1::text[])',
  values: [[...gpuTypes]],
});
export const ofProvider = (provider: string): Scope => ({ where: 'provider = $1', values: [provider] });

/** `counted`: the offers that count. `priced`: those of them in the currency that most are in; amounts are never converted. */
export const countedSql = ({ where }: Scope): string => `
  counted AS MATERIALIZED (SELECT * FROM kpi.counted_offers WHERE ${where}),
  main AS (SELECT mode() WITHIN GROUP (ORDER BY currency) AS currency FROM counted),
  priced AS (SELECT * FROM counted WHERE currency = (SELECT currency FROM main))`;

/** An amount of money, rounded as it is shown, as a number. */
export const money = (expression: string): string => `round((${expression})::numeric, 4)::float8`;
export const median = (column: string): string => `percentile_cont(0.5) WITHIN GROUP (ORDER BY ${column}::float8)`;
/** An offer that says no number of GPUs is one. */
export const GPUS = 'round(coalesce(sum(coalesce(gpu_count, 1)), 0), 4)::float8';

interface BasisRow {
  as_of: Date;
  currency: string | null;
  other_currency_offers: number;
  sources: SourceCountDto[];
}

/** What every answer says about itself. */
export async function marketBasis(reading: MarketReading, scope: Scope): Promise<MarketBasisDto> {
  const { as_of, ...basis } = await oneRow<BasisRow>(
    reading,
    `WITH ${countedSql(scope)}
     SELECT now() AS as_of, (SELECT currency FROM main) AS currency,
       ((SELECT count(*) FROM counted) - (SELECT count(*) FROM priced))::int AS other_currency_offers,
       coalesce((SELECT json_agg(json_build_object('source', source, 'offers', offers) ORDER BY source)
         FROM (SELECT source, count(*)::int AS offers FROM counted GROUP BY source) AS by_source), '[]') AS sources`,
    scope.values,
  );
  return { as_of: as_of.toISOString(), ...basis, warnings: [] };
}
