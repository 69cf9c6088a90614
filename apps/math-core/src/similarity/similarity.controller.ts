import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ContentSimilarityAnswerDto, ContentSimilarityRequestDto } from '@gpubroker/contracts/math';
import { ProviderItemDto } from '@gpubroker/contracts/offers';
import { ApiQuestion } from '@gpubroker/platform/openapi';
import { mapInTurns } from '../request/turns';
import { cosine } from './cosine';
import { offerSimilarity } from './offer-similarity';
import { parseSimilarity } from './parse-similarity';

@ApiTags('math')
@ApiExtraModels(ProviderItemDto)
@Controller('api/v2/math/content-similarity')
export class SimilarityController {
  @Post()
  @HttpCode(200)
  @ApiOperation({ operationId: 'compareContent', summary: 'How alike a target is to each candidate (cosine)' })
  @ApiBody({ type: ContentSimilarityRequestDto })
  @ApiOkResponse({ type: ContentSimilarityAnswerDto })
  @ApiQuestion()
  async compareContent(@Body() body: unknown): Promise<ContentSimilarityAnswerDto> {
    const request = await parseSimilarity(body);
    const similarities =
      request.kind === 'vectors'
        ? await mapInTurns(request.candidates, (candidate) => cosine(request.target, candidate))
        : await mapInTurns(request.candidates, (candidate) => offerSimilarity(request.target, candidate));
    return { similarities };
  }
}
