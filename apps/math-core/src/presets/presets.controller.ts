import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { PresetListDto } from '@gpubroker/contracts/math';
import { authenticate, BearerStrategy, Public, TOKEN_TRUST, type TokenTrust } from '@gpubroker/platform/auth';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiProblem } from '@gpubroker/platform/openapi';
import { PresetsService } from './presets.service';

@ApiTags('recommendations')
@Controller('api/v2/recommendations/presets')
export class PresetsController {
  private readonly strategy: BearerStrategy;

  constructor(
    private readonly presets: PresetsService,
    @Inject(TOKEN_TRUST) trust: TokenTrust,
  ) {
    this.strategy = new BearerStrategy(trust);
  }

  @Get()
  @Public()
  @ApiBearerAuth()
  @ApiOperation({
    operationId: 'listPresets',
    summary: 'One offer for each common wish, beside the median of its GPU; For You with a token only',
  })
  @ApiOkResponse({ type: PresetListDto })
  @ApiProblem('UNAUTHENTICATED', 'TOKEN_EXPIRED', 'SERVICE_UNAVAILABLE')
  async listPresets(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PresetListDto> {
    // Nobody needs a token here; one that is sent has to be good.
    const isSigned = request.headers.authorization !== undefined;
    const caller = isSigned ? await authenticate(this.strategy, request) : null;
    void reply.header('cache-control', isSigned ? 'private, no-store' : 'no-cache').header('vary', 'authorization');
    return this.presets.list(caller?.uid ?? null);
  }
}
