import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { PriceAnalyticsAnswerDto, PriceAnalyticsRequestDto, PricePointInputDto } from '@gpubroker/contracts/math';
import { ApiQuestion } from '@gpubroker/platform/openapi';
import { parseAnalytics } from './analytics-request';
import { AnalyticsService } from './analytics.service';

@ApiTags('math')
@ApiExtraModels(PricePointInputDto)
@Controller('api/v2/math')
export class AnalyticsController {
  constructor(private readonly analytics: AnalyticsService) {}

  @Post('price-analytics')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'priceAnalytics',
    summary: 'Volatility and trend of a price, and a forecast with its 90 % interval',
  })
  @ApiBody({ type: PriceAnalyticsRequestDto })
  @ApiOkResponse({ type: PriceAnalyticsAnswerDto })
  @ApiQuestion('NOT_FOUND')
  priceAnalytics(@Body() body: unknown): Promise<PriceAnalyticsAnswerDto> {
    const now = Date.now();
    return this.analytics.analyse(parseAnalytics(body, now), now);
  }
}
