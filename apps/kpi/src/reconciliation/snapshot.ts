import type {
  GpuKpiDto,
  KpiOverviewDto,
  MarketInsightsDto,
  MarketShareDto,
  PriceDistributionDto,
  ProviderKpiDto,
  SavingsDto,
} from '@gpubroker/contracts/kpi';

export const SNAPSHOT_PATH = '/internal/kpi/snapshot';

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
