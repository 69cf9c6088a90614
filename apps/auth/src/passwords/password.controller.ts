import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ChangePasswordDto, PasswordChangedDto, type AccessClaims } from '@gpubroker/contracts/auth';
import { Caller } from '@gpubroker/platform/auth';
import type { FastifyRequest } from 'fastify';
import { ApiProblem, BODY_PROBLEMS } from '@gpubroker/platform/openapi';
import { BEARER_PROBLEMS } from '../auth.openapi';
import { visitorOf } from '../sign-in/visitor';
import { PasswordChangeService } from './password-change.service';

@ApiTags('auth')
@Controller('api/v2/auth/password')
export class PasswordController {
  constructor(private readonly passwords: PasswordChangeService) {}

  @Post('change')
  @HttpCode(200)
  @ApiBearerAuth()
  @ApiOperation({
    operationId: 'changePassword',
    summary: "A new password; the user's other sessions end",
    description: 'A wrong present password counts as a failed login of the address: after five it has to wait.',
  })
  @ApiOkResponse({ type: PasswordChangedDto })
  @ApiProblem(...BEARER_PROBLEMS, ...BODY_PROBLEMS, 'CONFLICT', 'RATE_LIMITED', 'SERVICE_UNAVAILABLE')
  async change(
    @Caller() caller: AccessClaims,
    @Body() wanted: ChangePasswordDto,
    @Req() request: FastifyRequest,
  ): Promise<PasswordChangedDto> {
    await this.passwords.change(caller, wanted, visitorOf(request));
    return { password_changed: true };
  }
}
