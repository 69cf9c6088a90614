import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  WorkloadEstimateDto,
  WorkloadMapDto,
  WorkloadQuantityDto,
  WorkloadRequestDto,
} from '@gpubroker/contracts/math';
import { ApiQuestion } from '@gpubroker/platform/openapi';
import { parseWorkload } from './workload-request';
import { WorkloadService } from './workload.service';

@ApiTags('math')
@ApiExtraModels(WorkloadQuantityDto)
@Controller('api/v2/math')
export class WorkloadController {
  constructor(private readonly workloads: WorkloadService) {}

  @Post('estimate-workload')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'estimateWorkload',
    summary: 'Memory, time and cost of a job, with a GPU for each tier',
  })
  @ApiBody({ type: WorkloadRequestDto })
  @ApiOkResponse({ type: WorkloadEstimateDto })
  @ApiQuestion('DB_UNAVAILABLE')
  estimateWorkload(@Body() body: unknown): Promise<WorkloadEstimateDto> {
    return this.workloads.estimate(parseWorkload(body));
  }

  @Post('map-workload-to-gpu')
  @HttpCode(200)
  @ApiOperation({ operationId: 'mapWorkloadToGpu', summary: 'Every GPU that can do a job, best first' })
  @ApiBody({ type: WorkloadRequestDto })
  @ApiOkResponse({ type: WorkloadMapDto })
  @ApiQuestion('DB_UNAVAILABLE')
  mapWorkloadToGpu(@Body() body: unknown): Promise<WorkloadMapDto> {
    return this.workloads.map(parseWorkload(body));
  }
}
