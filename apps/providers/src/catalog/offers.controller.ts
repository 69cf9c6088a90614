import { Controller, Get, Headers, Param, Query, Req, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  CloudListDto,
  PriceHistoryDto,
  ProviderItemDetailDto,
  ProviderItemDto,
  ProviderListDto,
} from '@gpubroker/contracts/offers';
import { Public } from '@gpubroker/platform/auth';
import { validationError } from '@gpubroker/platform/errors';
import { matchesETag } from '@gpubroker/platform/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiProblem } from '@gpubroker/platform/openapi';
import { CloudsService } from './clouds.service';
import { ApiOfferQuery } from './offers.openapi';
import { OfferDetailsService } from './offer-details.service';
import { OffersService } from './offers.service';
import { parseOfferQuery, wantsStrictness, type RawQuery } from './parse-offer-query';

const OFFER_ID = { type: 'string', example: '5eb54261-3cb5-45b1-9015-452b6281694a' } as const;

@ApiTags('providers')
@Public()
@ApiExtraModels(ProviderItemDto)
@Controller('api/v2/providers')
export class OffersController {
  constructor(
    private readonly offers: OffersService,
    private readonly details: OfferDetailsService,
    private readonly clouds: CloudsService,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listOffers', summary: 'GPU offers of every cloud, filtered, sorted and paged' })
  @ApiOfferQuery()
  @ApiOkResponse({ type: ProviderListDto, description: 'A page of one catalogue version' })
  @ApiResponse({ status: 304, description: 'The page is still the one whose ETag If-None-Match names' })
  @ApiProblem('VALIDATION_ERROR', 'VERSION_GONE', 'DB_UNAVAILABLE')
  async listOffers(
    @Query() raw: RawQuery,
    @Headers('prefer') prefer: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string | undefined> {
    const parsed = parseOfferQuery(raw, wantsStrictness(prefer));
    if (!parsed.ok) throw validationError(parsed.problems);
    const { body, etag, link } = await this.offers.list(parsed.value, raw, request.url.split('?', 1)[0] ?? '');
    void reply.header('etag', etag).header('cache-control', 'no-cache');
    if (link) void reply.header('link', link);
    if (matchesETag(request.headers['if-none-match'], etag)) {
      void reply.status(304);
      return undefined;
    }
    void reply.header('content-type', 'application/json; charset=utf-8');
    return body;
  }

  @Get('list')
  @ApiOperation({ operationId: 'listClouds', summary: 'The clouds, their state, reliability and last sync' })
  @ApiOkResponse({ type: CloudListDto })
  @ApiProblem('DB_UNAVAILABLE')
  listClouds(): Promise<CloudListDto> {
    return this.clouds.list();
  }

  @Get(':offer_id')
  @ApiOperation({ operationId: 'getOffer', summary: 'One offer with everything that is known about it' })
  @ApiParam({ name: 'offer_id', description: 'Id of the offer', schema: OFFER_ID })
  @ApiOkResponse({ type: ProviderItemDetailDto })
  @ApiProblem('NOT_FOUND', 'DB_UNAVAILABLE')
  getOffer(@Param('offer_id') id: string): Promise<ProviderItemDetailDto> {
    return this.details.detail(id);
  }

  @Get(':offer_id/history')
  @ApiOperation({
    operationId: 'getOfferHistory',
    summary: 'Every recorded change of price and availability of one offer',
  })
  @ApiParam({ name: 'offer_id', description: 'Id of the offer', schema: OFFER_ID })
  @ApiOkResponse({ type: PriceHistoryDto })
  @ApiProblem('NOT_FOUND', 'DB_UNAVAILABLE')
  getOfferHistory(@Param('offer_id') id: string): Promise<PriceHistoryDto> {
    return this.details.history(id);
  }
}
