export {
  AdminBenchmarkDto,
  AdminBenchmarkListDto,
  AdminBenchmarkQueryDto,
  BENCHMARK_SORT_FIELDS,
  ChangeBenchmarkDto,
  CreateBenchmarkDto,
} from './admin-benchmark.dto';
export {
  ForecastPointDto,
  PriceAnalyticsAnswerDto,
  PriceAnalyticsRequestDto,
  PricePointInputDto,
} from './analytics.dto';
export { BenchmarkDto, BenchmarkListDto, ResolvedBenchmarkDto } from './benchmark.dto';
export {
  CollaborativeAnswerDto,
  CollaborativeRequestDto,
  PairDto,
  PredictionDto,
  RatingDto,
} from './collaborative.dto';
export {
  CostCalculationDto,
  CostPerGflopAnswerDto,
  CostPerGflopRequestDto,
  CostPerTokenAnswerDto,
  CostPerTokenRequestDto,
  RangeDto,
  ServingFigureDto,
  VramNeedDto,
  type CostBasis,
} from './cost.dto';
export { EfficiencyAnswerDto, EfficiencyDetailsDto, EfficiencyPartDto, EfficiencyRequestDto } from './efficiency.dto';
export {
  GPU_RATES_REASONS,
  GpuRatesAnswerDto,
  GpuRatesAssumptionsDto,
  GpuRatesDto,
  GpuRatesItemDto,
  GpuRatesRequestDto,
  type GpuRatesReason,
} from './gpu-rates.dto';
export { PRESET_IDS, PresetBaselineDto, PresetDto, PresetListDto, type PresetId } from './presets.dto';
export {
  COLLABORATIVE_SOURCES,
  ContributionsDto,
  COUNTERFACTUAL_CRITERIA,
  CounterfactualDto,
  EnsembleAnswerDto,
  EnsembleRequestDto,
  EnsembleWeightsDto,
  ExcludedOfferDto,
  EXCLUSION_REASONS,
  RecommendationDto,
  WorkloadProfileDto,
  type CollaborativeSource,
  type CounterfactualCriterion,
  type ExclusionReason,
} from './recommend.dto';
export { ContentSimilarityAnswerDto, ContentSimilarityRequestDto } from './similarity.dto';
export { CRITERION_TYPES, TopsisAnswerDto, TopsisRequestDto, type CriterionType } from './topsis.dto';
export {
  BUDGET_PERIODS,
  GPU_TIERS,
  GpuMatchDto,
  GpuPlanDto,
  GpuTierDto,
  MoneyRangeDto,
  PriceSourceDto,
  QUALITIES,
  QUANTITY_PERIODS,
  QUANTITY_UNITS,
  TRAINING_METHOD_NAMES,
  WORKLOAD_TYPES,
  WorkloadBudgetDto,
  WorkloadEstimateDto,
  WorkloadMapDto,
  WorkloadQuantityDto,
  WorkloadRequestDto,
  type BudgetPeriod,
  type GpuTier,
  type Quality,
  type QuantityPeriod,
  type QuantityUnit,
  type TrainingMethodName,
  type WorkloadType,
} from './workload.dto';
