import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { AuditLogDto, AuditLogListDto, AuditLogQueryDto, AuditVerificationDto } from '@gpubroker/contracts/auth';
import { Roles } from '@gpubroker/platform/auth';
import { ApiProblem } from '@gpubroker/platform/openapi';
import { ActorOf, type Actor } from './actor.decorator';
import { READ_PROBLEMS } from './admin.openapi';
import { AuditLogsService } from './audit-logs.service';
import { KnownIdPipe } from './known-id.pipe';

@ApiTags('admin')
@ApiBearerAuth()
@Roles('admin')
@Controller('api/v2/admin/audit-logs')
export class AuditLogsController {
  constructor(private readonly logs: AuditLogsService) {}

  @Get()
  @ApiOperation({ operationId: 'listAuditLogs', summary: 'What happened, filtered and paged, the newest first' })
  @ApiOkResponse({ type: AuditLogListDto })
  @ApiProblem(...READ_PROBLEMS, 'VALIDATION_ERROR')
  list(@Query() query: AuditLogQueryDto, @ActorOf() actor: Actor): Promise<AuditLogListDto> {
    return this.logs.list(query, actor);
  }

  @Get('verify')
  @ApiOperation({
    operationId: 'verifyAuditLogs',
    summary: 'Computes the whole audit chain again and names the first row that does not fit',
    description:
      'Finds edits, deletions (of the last rows too), swaps and insertions. Takes longer the longer the log is.',
  })
  @ApiOkResponse({ type: AuditVerificationDto })
  @ApiProblem(...READ_PROBLEMS)
  verify(@ActorOf() actor: Actor): Promise<AuditVerificationDto> {
    return this.logs.verify(actor);
  }

  @Get(':audit_id')
  @ApiOperation({ operationId: 'getAuditLog', summary: 'One entry' })
  @ApiParam({ name: 'audit_id', description: 'Id of the entry', schema: { type: 'string', format: 'uuid' } })
  @ApiOkResponse({ type: AuditLogDto })
  @ApiProblem(...READ_PROBLEMS, 'NOT_FOUND')
  get(@Param('audit_id', KnownIdPipe) id: string, @ActorOf() actor: Actor): Promise<AuditLogDto> {
    return this.logs.get(id, actor);
  }
}
