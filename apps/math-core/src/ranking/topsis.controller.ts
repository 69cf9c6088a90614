import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { TopsisAnswerDto, TopsisRequestDto } from '@gpubroker/contracts/math';
import { ApiQuestion } from '@gpubroker/platform/openapi';
import { parseTopsis } from './parse-topsis';
import { topsis } from './topsis';

@ApiTags('math')
@Controller('api/v2/math/topsis')
export class TopsisController {
  @Post()
  @HttpCode(200)
  @ApiOperation({ operationId: 'rankByTopsis', summary: 'Ranks alternatives by closeness to the ideal (TOPSIS)' })
  @ApiBody({ type: TopsisRequestDto })
  @ApiOkResponse({ type: TopsisAnswerDto })
  @ApiQuestion()
  rankByTopsis(@Body() body: unknown): TopsisAnswerDto {
    const { matrix, weights, benefit } = parseTopsis(body);
    const { rankings, scores, ideal, antiIdeal } = topsis(matrix, weights, benefit);
    return {
      rankings: [...rankings],
      scores: [...scores],
      ideal_solution: [...ideal],
      anti_ideal_solution: [...antiIdeal],
    };
  }
}
