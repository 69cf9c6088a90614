import { Controller, Post, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { AccessClaims } from '@gpubroker/contracts/auth';
import { SocketTicketDto } from '@gpubroker/contracts/sockets';
import { Caller } from '@gpubroker/platform/auth';
import { credentialsOf } from '@gpubroker/platform/limits';
import { ApiProblem } from '@gpubroker/platform/openapi';
import type { FastifyRequest } from 'fastify';
import { TicketsService } from './tickets.service';

@ApiTags('sockets')
@Controller('api/v2/ws/tickets')
export class TicketsController {
  constructor(private readonly tickets: TicketsService) {}

  @Post()
  @ApiBearerAuth()
  @ApiOperation({
    operationId: 'createSocketTicket',
    summary: 'A ticket that opens one socket for the caller: `/ws/?ticket=…`',
    description: 'For browsers, which cannot send a token with an upgrade. Takes no body.',
  })
  @ApiCreatedResponse({ type: SocketTicketDto })
  @ApiProblem('UNAUTHENTICATED', 'TOKEN_EXPIRED', 'SERVICE_UNAVAILABLE')
  create(@Caller() caller: AccessClaims, @Req() request: FastifyRequest): Promise<SocketTicketDto> {
    return this.tickets.issue(caller, credentialsOf(request.headers));
  }
}
