import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { AccessClaims } from '@gpubroker/contracts/auth';
import { EnsembleAnswerDto, EnsembleRequestDto, WorkloadBudgetDto } from '@gpubroker/contracts/math';
import { Caller } from '@gpubroker/platform/auth';
import { ApiQuestion } from '@gpubroker/platform/openapi';
import { parseRecommend } from './parse-recommend';
import { RecommendService } from './recommend.service';

@ApiTags('math')
@ApiExtraModels(WorkloadBudgetDto)
@Controller('api/v2/math/ensemble-recommend')
export class RecommendController {
  constructor(private readonly recommendations: RecommendService) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'recommendByEnsemble',
    summary: 'Ranks offers for a workload by criteria, taste and likeness, and says what would change the winner',
  })
  @ApiBody({ type: EnsembleRequestDto })
  @ApiOkResponse({ type: EnsembleAnswerDto })
  @ApiQuestion()
  recommendByEnsemble(@Body() body: unknown, @Caller() caller: AccessClaims): Promise<EnsembleAnswerDto> {
    return this.recommendations.recommend(parseRecommend(body), caller.uid);
  }
}
