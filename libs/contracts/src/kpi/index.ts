export {
  DayPriceDto,
  GpuSavingsDto,
  MarketShareDto,
  PriceBucketDto,
  PriceDistributionDto,
  PriceTrendDto,
  ProviderShareDto,
  SavingsDto,
} from './dashboard.dto';
export { COVERED_AS, GpuKpiDto, PricePercentilesDto, WindowPercentilesDto, type CoveredAs } from './gpu-kpi.dto';
export { MarketBasisDto, SourceCountDto, UnitCostsDto } from './market-basis.dto';
export { GpuMarketDto, MarketInsightsDto, NamedOfferDto } from './market.dto';
export { KpiOverviewDto } from './overview.dto';
export { ProviderKpiDto } from './provider-kpi.dto';
