import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import {
  AdminTenantDto,
  AdminTenantListDto,
  AdminTenantQueryDto,
  ChangeTenantDto,
  CreateTenantDto,
} from '@gpubroker/contracts/auth';
import { Roles } from '@gpubroker/platform/auth';
import { ApiProblem, BODY_PROBLEMS } from '@gpubroker/platform/openapi';
import { ActorOf, type Actor } from './actor.decorator';
import { READ_PROBLEMS } from './admin.openapi';
import { KnownIdPipe } from './known-id.pipe';
import { TenantsAdminService } from './tenants-admin.service';

const TENANT_ID = {
  name: 'tenant_id',
  description: 'Id of the tenant',
  schema: { type: 'string', format: 'uuid' },
} as const;

@ApiTags('admin')
@ApiBearerAuth()
@Roles('admin')
@Controller('api/v2/admin/tenants')
export class AdminTenantsController {
  constructor(private readonly tenants: TenantsAdminService) {}

  @Get()
  @ApiOperation({ operationId: 'listTenants', summary: 'Tenants with plan and limits, filtered, sorted and paged' })
  @ApiOkResponse({ type: AdminTenantListDto })
  @ApiProblem(...READ_PROBLEMS, 'VALIDATION_ERROR')
  list(@Query() query: AdminTenantQueryDto, @ActorOf() actor: Actor): Promise<AdminTenantListDto> {
    return this.tenants.list(query, actor);
  }

  @Post()
  @ApiOperation({ operationId: 'createTenant', summary: 'A new tenant without users' })
  @ApiCreatedResponse({ type: AdminTenantDto })
  @ApiProblem(...READ_PROBLEMS, ...BODY_PROBLEMS, 'CONFLICT')
  create(@Body() wanted: CreateTenantDto, @ActorOf() actor: Actor): Promise<AdminTenantDto> {
    return this.tenants.create(wanted, actor);
  }

  @Get(':tenant_id')
  @ApiOperation({ operationId: 'getTenant', summary: 'One tenant' })
  @ApiParam(TENANT_ID)
  @ApiOkResponse({ type: AdminTenantDto })
  @ApiProblem(...READ_PROBLEMS, 'NOT_FOUND')
  get(@Param('tenant_id', KnownIdPipe) id: string, @ActorOf() actor: Actor): Promise<AdminTenantDto> {
    return this.tenants.get(id, actor);
  }

  @Patch(':tenant_id')
  @ApiOperation({
    operationId: 'changeTenant',
    summary: 'Changes what is named; limits are in force within 5 s',
    description:
      'Another plan brings its limits; limits named in the same or a later request stand before them. The tenant of the last administrator cannot be deactivated: 409.',
  })
  @ApiParam(TENANT_ID)
  @ApiOkResponse({ type: AdminTenantDto })
  @ApiProblem(...READ_PROBLEMS, ...BODY_PROBLEMS, 'NOT_FOUND', 'CONFLICT')
  change(
    @Param('tenant_id', KnownIdPipe) id: string,
    @Body() wanted: ChangeTenantDto,
    @ActorOf() actor: Actor,
  ): Promise<AdminTenantDto> {
    return this.tenants.change(id, wanted, actor);
  }

  @Post(':tenant_id/deactivate')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'deactivateTenant',
    summary: 'Its users may no longer sign in; no tenant is ever deleted',
    description: 'The tenant of the last administrator cannot be deactivated: 409.',
  })
  @ApiParam(TENANT_ID)
  @ApiOkResponse({ type: AdminTenantDto })
  @ApiProblem(...READ_PROBLEMS, 'NOT_FOUND', 'CONFLICT')
  deactivate(@Param('tenant_id', KnownIdPipe) id: string, @ActorOf() actor: Actor): Promise<AdminTenantDto> {
    return this.tenants.change(id, { is_active: false }, actor);
  }
}
