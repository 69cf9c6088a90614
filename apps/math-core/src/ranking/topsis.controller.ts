import { Readable } from 'node:stream';
import { Body, Controller, HttpCode, Post, StreamableFile } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { TopsisAnswerDto, TopsisRequestDto } from '@gpubroker/contracts/math';
import { ApiQuestion } from '@gpubroker/platform/openapi';
import { eachInTurns, stepsInTurns } from '../request/turns';
import { parseTopsis } from './parse-topsis';
import { topsisInSteps } from './topsis';
import { topsisAnswerText } from './topsis-answer';

@ApiTags('math')
@Controller('api/v2/math/topsis')
export class TopsisController {
  @Post()
  @HttpCode(200)
  @ApiOperation({ operationId: 'rankByTopsis', summary: 'Ranks alternatives by closeness to the ideal (TOPSIS)' })
  @ApiBody({ type: TopsisRequestDto })
  @ApiOkResponse({ type: TopsisAnswerDto })
  @ApiQuestion()
  async rankByTopsis(@Body() body: unknown): Promise<StreamableFile> {
    const { matrix, weights, benefit } = await parseTopsis(body);
    const result = await stepsInTurns(topsisInSteps(matrix, weights, benefit));
    return new StreamableFile(Readable.from(eachInTurns(topsisAnswerText(result))), {
      type: 'application/json; charset=utf-8',
    });
  }
}
