import { Body, Controller, Delete, Get, Param, Post, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { AccessClaims } from '@gpubroker/contracts/auth';
import { IntegrationDto, IntegrationListDto, StoreIntegrationDto } from '@gpubroker/contracts/integrations';
import { Caller, Roles } from '@gpubroker/platform/auth';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiQuestion, ApiSignedIn } from '@gpubroker/platform/openapi';
import { IntegrationsService, type TenantActor } from './integrations.service';

/** Whose keys is the token's word alone: no path, query or body names a tenant. */
@ApiTags('integrations')
@Controller('api/v2/config/integrations')
export class IntegrationsController {
  constructor(private readonly integrations: IntegrationsService) {}

  @Get()
  @ApiOperation({
    operationId: 'listIntegrations',
    summary: "Every supported cloud, and how far the tenant's own key of it works",
  })
  @ApiOkResponse({ type: IntegrationListDto })
  @ApiSignedIn('DB_UNAVAILABLE')
  listIntegrations(@Caller() { tenant_id }: AccessClaims): Promise<IntegrationListDto> {
    return this.integrations.list(tenant_id);
  }

  @Post()
  @Roles('tenant_admin', 'admin')
  @ApiOperation({
    operationId: 'storeIntegration',
    summary: "Sets the tenant's own key of a cloud, in place of an earlier one",
    description:
      'The cloud is asked first: a key that it refuses is not kept (422); when it cannot be reached the key is kept as unverified and looked at again. The key is sealed and never shown again.',
  })
  @ApiCreatedResponse({ type: IntegrationDto, description: 'The first key of this cloud' })
  @ApiOkResponse({ type: IntegrationDto, description: 'It takes the place of an earlier key' })
  @ApiQuestion('FORBIDDEN', 'DB_UNAVAILABLE')
  async storeIntegration(
    @Caller() caller: AccessClaims,
    @Body() body: StoreIntegrationDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<IntegrationDto> {
    const { created, item } = await this.integrations.put(actor(caller, request), body);
    void reply.status(created ? 201 : 200);
    return item;
  }

  @Delete(':provider')
  @Roles('tenant_admin', 'admin')
  @ApiOperation({ operationId: 'removeIntegration', summary: "Removes the tenant's own key of a cloud" })
  @ApiParam({ name: 'provider', description: 'Slug of the cloud', schema: { type: 'string', example: 'runpod' } })
  @ApiOkResponse({ type: IntegrationDto, description: 'The key is gone: not_configured' })
  @ApiSignedIn('FORBIDDEN', 'NOT_FOUND', 'VALIDATION_ERROR', 'DB_UNAVAILABLE')
  removeIntegration(
    @Caller() caller: AccessClaims,
    @Param('provider') provider: string,
    @Req() request: FastifyRequest,
  ): Promise<IntegrationDto> {
    return this.integrations.remove(actor(caller, request), provider);
  }
}

const actor = ({ tenant_id, uid }: AccessClaims, { ip }: FastifyRequest): TenantActor => ({
  tenantId: tenant_id,
  userId: uid,
  ip,
});
