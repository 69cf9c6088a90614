import { Readable } from 'node:stream';
import { Body, Controller, HttpCode, Post, Res, StreamableFile } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CollaborativeAnswerDto, CollaborativeRequestDto } from '@gpubroker/contracts/math';
import { ApiError } from '@gpubroker/platform/errors';
import type { FastifyReply } from 'fastify';
import { ApiQuestion } from '@gpubroker/platform/openapi';
import { answerText } from './collaborative-answer';
import { parseCollaborative } from './collaborative-request';
import { CollaborativeService } from './collaborative.service';

@ApiTags('math')
@Controller('api/v2/math/collaborative-filter')
export class CollaborativeController {
  constructor(private readonly collaborative: CollaborativeService) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ operationId: 'filterCollaboratively', summary: 'Factorises ratings by alternating least squares' })
  @ApiBody({ type: CollaborativeRequestDto })
  @ApiOkResponse({ type: CollaborativeAnswerDto })
  @ApiQuestion()
  async filterCollaboratively(
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const request = await parseCollaborative(body);
    const result = await this.collaborative.factorise(request, untilGone(reply));
    return new StreamableFile(Readable.from(answerText(request, result)), { type: 'application/json; charset=utf-8' });
  }
}

/** Aborts when the caller hangs up before the answer. */
function untilGone({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  raw.once('close', () => gone.abort(new ApiError('SERVICE_UNAVAILABLE', 'The caller is gone')));
  return gone.signal;
}
