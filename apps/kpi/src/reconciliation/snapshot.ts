import type {
  GpuKpiDto,
  KpiOverviewDto,
  MarketInsightsDto,
  MarketShareDto,
  PriceDistributionDto,
  ProviderKpiDto,
  SavingsDto,
} from '@gpubroker/contracts/kpi';
import type { DayRow } from '../figures/day-prices.sql';

export const SNAPSHOT_PATH = '/internal/kpi/snapshot';
export const DAY_PRICES_PATH = '/internal/kpi/day-prices';

/** Every answer of one moment that offers alone decide: what the reconciliation compares. */
export interface KpiSnapshot {
  readonly overview: KpiOverviewDto;
  readonly market: MarketInsightsDto;
  readonly share: MarketShareDto;
  readonly savings: SavingsDto;
  readonly distribution: PriceDistributionDto;
  /** By the name it was asked with: each model and family that an offer ever had. */
  readonly gpus: Readonly<Record<string, GpuKpiDto>>;
  readonly providers: Readonly<Record<string, ProviderKpiDto>>;
}

/** The days of the longest trend at one moment: as they are answered, and counted from every price point. */
export interface KpiDayPrices {
  readonly answered: readonly DayRow[];
  readonly counted: readonly DayRow[];
}
