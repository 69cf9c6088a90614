import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { EfficiencyAnswerDto, EfficiencyRequestDto } from '@gpubroker/contracts/math';
import { ApiQuestion } from '@gpubroker/platform/openapi';
import { parseEfficiency } from './efficiency-request';
import { EfficiencyService } from './efficiency.service';

@ApiTags('math')
@Controller('api/v2/math')
export class EfficiencyController {
  constructor(private readonly efficiency: EfficiencyService) {}

  @Post('efficiency-score')
  @HttpCode(200)
  @ApiOperation({ operationId: 'efficiencyScore', summary: 'How well an offer suits a kind of work, 0 to 100' })
  @ApiBody({ type: EfficiencyRequestDto })
  @ApiOkResponse({ type: EfficiencyAnswerDto })
  @ApiQuestion('DB_UNAVAILABLE')
  efficiencyScore(@Body() body: unknown): Promise<EfficiencyAnswerDto> {
    return this.efficiency.score(parseEfficiency(body));
  }
}
