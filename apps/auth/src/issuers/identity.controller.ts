import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { IdentityDto, type AccessClaims } from '@gpubroker/contracts/auth';
import { Caller } from '@gpubroker/platform/auth';
import { ApiProblem } from '@gpubroker/platform/openapi';

@ApiTags('auth')
@ApiBearerAuth()
@Controller('api/v2/auth/identity')
export class IdentityController {
  @Get()
  @ApiOperation({
    operationId: 'getIdentity',
    summary: 'Who the bearer of a token is, our own or that of a listed issuer',
    description: 'The other services ask here whose the tokens of other issuers are, and keep the answer for 30 s.',
  })
  @ApiOkResponse({ type: IdentityDto })
  @ApiProblem('UNAUTHENTICATED', 'TOKEN_EXPIRED', 'SERVICE_UNAVAILABLE', 'DB_UNAVAILABLE')
  read(@Caller() { sub, uid, tenant_id, roles, plan }: AccessClaims): IdentityDto {
    return { sub, uid, tenant_id, roles, plan };
  }
}
