import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Post, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import {
  AcceptInvitationDto,
  CreateInvitationDto,
  InvitationDto,
  InvitationListDto,
  NewInvitationDto,
  RegisteredUserDto,
  type AccessClaims,
} from '@gpubroker/contracts/auth';
import { Caller, Public, Roles } from '@gpubroker/platform/auth';
import { ApiError } from '@gpubroker/platform/errors';
import type { FastifyRequest } from 'fastify';
import { ApiProblem, BODY_PROBLEMS } from '@gpubroker/platform/openapi';
import { BEARER_PROBLEMS } from '../auth.openapi';
import { visitorOf } from '../sign-in/visitor';
import { InvitationsService } from './invitations.service';

/** What is no id names no invitation. */
const ID = new ParseUUIDPipe({ exceptionFactory: () => new ApiError('NOT_FOUND', 'There is no such invitation') });

@ApiTags('auth')
@Controller('api/v2/auth/invitations')
export class InvitationsController {
  constructor(private readonly invitations: InvitationsService) {}

  @Post()
  @Roles('tenant_admin', 'admin')
  @ApiBearerAuth()
  @ApiOperation({
    operationId: 'createInvitation',
    summary: "An invitation into the caller's tenant, good for 7 days",
    description: 'The token is shown this once. An earlier open invitation of the tenant to the same address ends.',
  })
  @ApiCreatedResponse({ type: NewInvitationDto })
  @ApiProblem(...BEARER_PROBLEMS, ...BODY_PROBLEMS, 'FORBIDDEN')
  create(
    @Caller() caller: AccessClaims,
    @Body() wanted: CreateInvitationDto,
    @Req() request: FastifyRequest,
  ): Promise<NewInvitationDto> {
    return this.invitations.create(caller, wanted, visitorOf(request));
  }

  @Get()
  @Roles('tenant_admin', 'admin')
  @ApiBearerAuth()
  @ApiOperation({
    operationId: 'listInvitations',
    summary: "Invitations into the caller's tenant, without their tokens",
  })
  @ApiOkResponse({ type: InvitationListDto })
  @ApiProblem(...BEARER_PROBLEMS, 'FORBIDDEN')
  list(@Caller() caller: AccessClaims): Promise<InvitationListDto> {
    return this.invitations.list(caller);
  }

  @Delete(':id')
  @Roles('tenant_admin', 'admin')
  @ApiBearerAuth()
  @ApiOperation({
    operationId: 'revokeInvitation',
    summary: 'Ends an open invitation; one that is over stays as it is',
  })
  @ApiParam({ name: 'id', format: 'uuid', description: 'Id of the invitation' })
  @ApiOkResponse({ type: InvitationDto })
  @ApiProblem(...BEARER_PROBLEMS, 'FORBIDDEN', 'NOT_FOUND', 'CONFLICT')
  revoke(
    @Caller() caller: AccessClaims,
    @Param('id', ID) id: string,
    @Req() request: FastifyRequest,
  ): Promise<InvitationDto> {
    return this.invitations.revoke(caller, id, visitorOf(request));
  }

  @Public()
  @Post('accept')
  @HttpCode(201)
  @ApiOperation({
    operationId: 'acceptInvitation',
    summary: 'A new user in the tenant that invited',
    description: 'The token works once. Counts towards the limit of registrations.',
  })
  @ApiCreatedResponse({ type: RegisteredUserDto })
  @ApiProblem(...BODY_PROBLEMS, 'NOT_FOUND', 'CONFLICT', 'RATE_LIMITED', 'SERVICE_UNAVAILABLE', 'DB_UNAVAILABLE')
  accept(@Body() wanted: AcceptInvitationDto, @Req() request: FastifyRequest): Promise<RegisteredUserDto> {
    return this.invitations.accept(wanted, visitorOf(request));
  }
}
