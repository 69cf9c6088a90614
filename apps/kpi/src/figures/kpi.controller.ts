import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';
import {
  GpuKpiDto,
  KpiOverviewDto,
  MarketInsightsDto,
  MarketShareDto,
  PriceDistributionDto,
  PriceTrendDto,
  ProviderKpiDto,
  SavingsDto,
} from '@gpubroker/contracts/kpi';
import { ApiFigure } from '../kpi.openapi';
import { KpiService } from './kpi.service';
import { wholeNumber } from './whole-number';

const DAYS = { field: 'days', least: 1, most: 30, fallback: 7 } as const;
const BUCKETS = { field: 'buckets', least: 1, most: 100, fallback: 20 } as const;

const ApiGpuType = (): MethodDecorator =>
  ApiParam({
    name: 'gpu_type',
    description: 'Canonical model, an alias, or a family such as H100',
    schema: { type: 'string', maxLength: 100 },
    example: 'h100',
  });
const ApiProviderName = (): MethodDecorator =>
  ApiParam({
    name: 'name',
    description: 'Slug of the cloud',
    schema: { type: 'string', maxLength: 100 },
    example: 'vastai',
  });

@ApiTags('kpi')
@Controller('api/v2/kpi')
export class KpiController {
  constructor(private readonly kpi: KpiService) {}

  @Get('overview')
  @ApiFigure({ operationId: 'getKpiOverview', summary: 'The market in one look', type: KpiOverviewDto })
  overview(): Promise<KpiOverviewDto> {
    return this.kpi.overview();
  }

  @Get('gpu/:gpu_type')
  @ApiFigure({
    operationId: 'getGpuKpi',
    summary: 'Prices and unit costs of one GPU model, or of all models of a family',
    type: GpuKpiDto,
    problems: ['NOT_FOUND'],
  })
  @ApiGpuType()
  gpu(@Param('gpu_type') gpuType: string): Promise<GpuKpiDto> {
    return this.kpi.gpu(gpuType);
  }

  @Get('kpis/gpu/:gpu_type')
  @ApiFigure({
    operationId: 'getGpuKpiAtOldPath',
    summary: 'As /kpi/gpu/{gpu_type}, where the earlier build has it',
    type: GpuKpiDto,
    problems: ['NOT_FOUND'],
    deprecated: true,
  })
  @ApiGpuType()
  gpuAtOldPath(@Param('gpu_type') gpuType: string): Promise<GpuKpiDto> {
    return this.kpi.gpu(gpuType);
  }

  @Get('provider/:name')
  @ApiFigure({
    operationId: 'getProviderKpi',
    summary: 'Prices, volatility and reliability of one cloud',
    type: ProviderKpiDto,
    problems: ['NOT_FOUND'],
  })
  @ApiProviderName()
  provider(@Param('name') name: string): Promise<ProviderKpiDto> {
    return this.kpi.provider(name);
  }

  @Get('kpis/provider/:name')
  @ApiFigure({
    operationId: 'getProviderKpiAtOldPath',
    summary: 'As /kpi/provider/{name}, where the earlier build has it',
    type: ProviderKpiDto,
    problems: ['NOT_FOUND'],
    deprecated: true,
  })
  @ApiProviderName()
  providerAtOldPath(@Param('name') name: string): Promise<ProviderKpiDto> {
    return this.kpi.provider(name);
  }

  @Get('insights/market')
  @ApiFigure({
    operationId: 'getMarketInsights',
    summary: 'The whole market: extremes, means, every GPU model',
    type: MarketInsightsDto,
  })
  market(): Promise<MarketInsightsDto> {
    return this.kpi.market();
  }

  @Get('price-distribution')
  @ApiFigure({
    operationId: 'getPriceDistribution',
    summary: 'How many offers cost how much: a histogram of prices of a GPU-hour',
    type: PriceDistributionDto,
    problems: ['VALIDATION_ERROR'],
  })
  @ApiQuery({
    name: 'buckets',
    required: false,
    schema: { type: 'integer', minimum: BUCKETS.least, maximum: BUCKETS.most, default: BUCKETS.fallback },
    description: 'Most buckets of one width; one more holds what is above the 95th percentile',
  })
  distribution(@Query('buckets') buckets: unknown): Promise<PriceDistributionDto> {
    return this.kpi.distribution(wholeNumber(buckets, BUCKETS));
  }

  @Get('market-share')
  @ApiFigure({ operationId: 'getMarketShare', summary: 'Who has how many of the offers', type: MarketShareDto })
  share(): Promise<MarketShareDto> {
    return this.kpi.share();
  }

  @Get('price-trend')
  @ApiFigure({
    operationId: 'getPriceTrend',
    summary: 'How prices of a GPU-hour went, day by day',
    type: PriceTrendDto,
    problems: ['VALIDATION_ERROR'],
  })
  @ApiQuery({
    name: 'days',
    required: false,
    schema: { type: 'integer', minimum: DAYS.least, maximum: DAYS.most, default: DAYS.fallback },
    description: 'Days in UTC, today included',
  })
  trend(@Query('days') days: unknown): Promise<PriceTrendDto> {
    return this.kpi.trend(wholeNumber(days, DAYS));
  }

  @Get('savings')
  @ApiFigure({
    operationId: 'getSavings',
    summary: 'What the cheapest offer of each GPU model saves against the median',
    type: SavingsDto,
  })
  savings(): Promise<SavingsDto> {
    return this.kpi.savings();
  }
}
