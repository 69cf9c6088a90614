import type { UnitCostsDto } from '@gpubroker/contracts/kpi';
import { countedSql, marketBasis, type Scope } from './counted.sql';
import { oneRow, type MarketReading } from './market-reading';
import { significant } from './significant';

const SECONDS_PER_HOUR = 3_600;
/** What math-core assumes when it is not told otherwise. */
const COST_MODEL = '7b fp16';
const UNKNOWN_WARNING = 'what some of the GPUs cost per token and GFLOP is not known yet: math-core has not been asked';

interface CostRow {
  cost_per_token: number | null;
  cost_per_gflop: number | null;
  asked: boolean;
}

/** Means over offers whose GPU math-core knows; a card without a rate is in neither. */
export async function unitCosts(reading: MarketReading, scope: Scope): Promise<UnitCostsDto> {
  const basis = await marketBasis(reading, scope);
  const { cost_per_token, cost_per_gflop, asked } = await oneRow<CostRow>(
    reading,
    `WITH ${countedSql(scope)}
     SELECT avg(price_per_hour::float8 / (${SECONDS_PER_HOUR} * rate.tokens_per_second)) AS cost_per_token,
       avg(price_per_hour::float8 / rate.gflops) AS cost_per_gflop,
       coalesce(bool_and(rate.gpu_type IS NOT NULL), true) AS asked
     FROM priced LEFT JOIN kpi.gpu_rates AS rate USING (gpu_type)`,
    scope.values,
  );
  return {
    ...basis,
    warnings: [...basis.warnings, ...reading.costWarnings, ...(asked ? [] : [UNKNOWN_WARNING])],
    cost_per_token: significant(cost_per_token),
    cost_per_gflop: significant(cost_per_gflop),
    cost_model: COST_MODEL,
  };
}
