import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Patch, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import {
  AdminBenchmarkDto,
  AdminBenchmarkListDto,
  AdminBenchmarkQueryDto,
  ChangeBenchmarkDto,
  CreateBenchmarkDto,
} from '@gpubroker/contracts/math';
import { Roles } from '@gpubroker/platform/auth';
import { ApiError } from '@gpubroker/platform/errors';
import { ApiProblem, ApiQuestion } from '@gpubroker/platform/openapi';
import { ActorOf } from '../audit/actor.decorator';
import type { Actor } from '../audit/audit-outbox';
import { AdminBenchmarksService } from './admin-benchmarks.service';

const ID = { name: 'benchmark_id', description: 'Id of the row', schema: { type: 'string', format: 'uuid' } } as const;
/** What cannot be an id names nothing: the same answer as an id that nobody has. */
const KnownId = new ParseUUIDPipe({ exceptionFactory: () => new ApiError('NOT_FOUND', 'There is no such benchmark') });
const READING = ['UNAUTHENTICATED', 'TOKEN_EXPIRED', 'FORBIDDEN', 'SERVICE_UNAVAILABLE', 'DB_UNAVAILABLE'] as const;

@ApiTags('admin')
@ApiBearerAuth()
@Roles('admin')
@Controller('api/v2/admin/benchmarks')
export class AdminBenchmarksController {
  constructor(private readonly benchmarks: AdminBenchmarksService) {}

  @Get()
  @ApiOperation({ operationId: 'listBenchmarkRows', summary: 'Benchmark rows, filtered, sorted and paged' })
  @ApiOkResponse({ type: AdminBenchmarkListDto })
  @ApiProblem(...READING, 'VALIDATION_ERROR')
  list(@Query() query: AdminBenchmarkQueryDto, @ActorOf() actor: Actor): Promise<AdminBenchmarkListDto> {
    return this.benchmarks.list(query, actor);
  }

  @Post()
  @ApiOperation({ operationId: 'createBenchmark', summary: 'A new row, for a model that has none' })
  @ApiCreatedResponse({ type: AdminBenchmarkDto })
  @ApiQuestion('FORBIDDEN', 'CONFLICT', 'DB_UNAVAILABLE')
  create(@Body() wanted: CreateBenchmarkDto, @ActorOf() actor: Actor): Promise<AdminBenchmarkDto> {
    return this.benchmarks.create(wanted, actor);
  }

  @Get(':benchmark_id')
  @ApiOperation({ operationId: 'getBenchmarkRow', summary: 'One row as it is stored' })
  @ApiParam(ID)
  @ApiOkResponse({ type: AdminBenchmarkDto })
  @ApiProblem(...READING, 'NOT_FOUND')
  get(@Param('benchmark_id', KnownId) id: string, @ActorOf() actor: Actor): Promise<AdminBenchmarkDto> {
    return this.benchmarks.get(id, actor);
  }

  @Patch(':benchmark_id')
  @ApiOperation({ operationId: 'changeBenchmark', summary: 'Changes what is named; answers follow within 30 s' })
  @ApiParam(ID)
  @ApiOkResponse({ type: AdminBenchmarkDto })
  @ApiQuestion('FORBIDDEN', 'NOT_FOUND', 'CONFLICT', 'DB_UNAVAILABLE')
  change(
    @Param('benchmark_id', KnownId) id: string,
    @Body() wanted: ChangeBenchmarkDto,
    @ActorOf() actor: Actor,
  ): Promise<AdminBenchmarkDto> {
    return this.benchmarks.change(id, wanted, actor);
  }

  @Post(':benchmark_id/deactivate')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'deactivateBenchmark',
    summary: 'Takes a row out of every answer; none is ever deleted',
  })
  @ApiParam(ID)
  @ApiOkResponse({ type: AdminBenchmarkDto })
  @ApiProblem(...READING, 'NOT_FOUND')
  deactivate(@Param('benchmark_id', KnownId) id: string, @ActorOf() actor: Actor): Promise<AdminBenchmarkDto> {
    return this.benchmarks.change(id, { is_active: false }, actor);
  }
}
