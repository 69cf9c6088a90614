import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { BenchmarkListDto, ResolvedBenchmarkDto } from '@gpubroker/contracts/math';
import { Public } from '@gpubroker/platform/auth';
import { ApiProblem } from '@gpubroker/platform/openapi';
import { BenchmarksService } from './benchmarks.service';

@Public()
@ApiTags('math')
@Controller('api/v2/math/benchmarks')
export class BenchmarksController {
  constructor(private readonly benchmarks: BenchmarksService) {}

  @Get()
  @ApiOperation({ operationId: 'listBenchmarks', summary: 'What every known GPU can do, with sources' })
  @ApiOkResponse({ type: BenchmarkListDto })
  @ApiProblem('DB_UNAVAILABLE')
  listBenchmarks(): Promise<BenchmarkListDto> {
    return this.benchmarks.list();
  }

  @Get(':gpu_type')
  @ApiOperation({ operationId: 'getBenchmark', summary: 'What one GPU can do; aliases and bare families resolve' })
  @ApiParam({
    name: 'gpu_type',
    description: 'Canonical model, an alias, or a family such as H100',
    schema: { type: 'string', maxLength: 100 },
    example: 'h100',
  })
  @ApiOkResponse({ type: ResolvedBenchmarkDto })
  @ApiProblem('NOT_FOUND', 'DB_UNAVAILABLE')
  getBenchmark(@Param('gpu_type') gpuType: string): Promise<ResolvedBenchmarkDto> {
    return this.benchmarks.get(gpuType);
  }
}
