import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  CostPerGflopAnswerDto,
  CostPerGflopRequestDto,
  CostPerTokenAnswerDto,
  CostPerTokenRequestDto,
  GpuRatesAnswerDto,
  GpuRatesRequestDto,
} from '@gpubroker/contracts/math';
import { Public } from '@gpubroker/platform/auth';
import { ApiProblem, ApiQuestion } from '@gpubroker/platform/openapi';
import { parseCostPerGflop, parseCostPerToken } from './cost-request';
import { CostService } from './cost.service';
import { parseGpuRates } from './gpu-rates-request';

@ApiTags('math')
@Controller('api/v2/math')
export class CostController {
  constructor(private readonly costs: CostService) {}

  @Post('cost-per-token')
  @HttpCode(200)
  @ApiOperation({ operationId: 'costPerToken', summary: 'What a generated token costs on a GPU, with its range' })
  @ApiBody({ type: CostPerTokenRequestDto })
  @ApiOkResponse({ type: CostPerTokenAnswerDto })
  @ApiQuestion('DB_UNAVAILABLE')
  costPerToken(@Body() body: unknown): Promise<CostPerTokenAnswerDto> {
    return this.costs.perToken(parseCostPerToken(body));
  }

  @Post('cost-per-gflop')
  @HttpCode(200)
  @ApiOperation({ operationId: 'costPerGflop', summary: 'What the compute rate of a GPU costs' })
  @ApiBody({ type: CostPerGflopRequestDto })
  @ApiOkResponse({ type: CostPerGflopAnswerDto })
  @ApiQuestion('DB_UNAVAILABLE')
  costPerGflop(@Body() body: unknown): Promise<CostPerGflopAnswerDto> {
    return this.costs.perGflop(parseCostPerGflop(body));
  }

  /** For services that cost a whole catalogue; the gateway lets it through to signed-in callers only, as it does all of /math. */
  @Public()
  @Post('costs')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'gpuRates',
    summary: 'Internal: tokens a second and GFLOP/s of many GPUs, to turn prices into unit costs',
  })
  @ApiBody({ type: GpuRatesRequestDto })
  @ApiOkResponse({ type: GpuRatesAnswerDto })
  @ApiProblem(
    'MALFORMED_REQUEST',
    'VALIDATION_ERROR',
    'PAYLOAD_TOO_LARGE',
    'UNSUPPORTED_MEDIA_TYPE',
    'DB_UNAVAILABLE',
    'SERVICE_UNAVAILABLE',
  )
  gpuRates(@Body() body: unknown): Promise<GpuRatesAnswerDto> {
    return this.costs.rates(parseGpuRates(body));
  }
}
