import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  MfaCodeDto,
  MfaDisableDto,
  MfaEnrollDto,
  MfaEnrolmentDto,
  MfaLoginDto,
  MfaStateDto,
  TokenPairDto,
  type AccessClaims,
} from '@gpubroker/contracts/auth';
import { Caller, Public } from '@gpubroker/platform/auth';
import type { FastifyRequest } from 'fastify';
import { ApiProblem, BODY_PROBLEMS } from '@gpubroker/platform/openapi';
import { BEARER_PROBLEMS, FINGERPRINT } from '../auth.openapi';
import { visitorOf } from '../sign-in/visitor';
import { MfaSignInService } from './mfa-sign-in.service';
import { MfaService } from './mfa.service';

@ApiTags('auth')
@Controller('api/v2/auth/mfa')
export class MfaController {
  constructor(
    private readonly mfa: MfaService,
    private readonly signIn: MfaSignInService,
  ) {}

  @Post('enroll')
  @HttpCode(200)
  @ApiBearerAuth()
  @ApiOperation({
    operationId: 'enrollMfa',
    summary: 'A secret for an authenticator and ten recovery codes',
    description:
      'Nothing is asked for at login until mfa/verify; enrolling again replaces what was not verified. A session that was opened more than 15 minutes ago needs the password: 403 without.',
  })
  @ApiBody({ type: MfaEnrollDto, required: false })
  @ApiOkResponse({ type: MfaEnrolmentDto })
  @ApiProblem(...BEARER_PROBLEMS, ...BODY_PROBLEMS, 'FORBIDDEN', 'CONFLICT', 'RATE_LIMITED', 'SERVICE_UNAVAILABLE')
  enroll(
    @Caller() caller: AccessClaims,
    @Req() request: FastifyRequest,
    @Body() body?: MfaEnrollDto,
  ): Promise<MfaEnrolmentDto> {
    return this.mfa.enroll(caller, body?.password, visitorOf(request));
  }

  @Post('verify')
  @HttpCode(200)
  @ApiBearerAuth()
  @ApiOperation({
    operationId: 'verifyMfa',
    summary: 'Turns the second factor on',
    description: "The user's other sessions end. Wrong codes slow the next ones as at login.",
  })
  @ApiOkResponse({ type: MfaStateDto })
  @ApiProblem(...BEARER_PROBLEMS, ...BODY_PROBLEMS, 'CONFLICT', 'RATE_LIMITED')
  verify(
    @Caller() caller: AccessClaims,
    @Body() { code }: MfaCodeDto,
    @Req() request: FastifyRequest,
  ): Promise<MfaStateDto> {
    return this.mfa.verify(caller, code, visitorOf(request));
  }

  @Public()
  @Post('login')
  @HttpCode(200)
  @ApiHeader(FINGERPRINT)
  @ApiOperation({
    operationId: 'loginWithMfa',
    summary: 'The second half of a login: tokens for mfa_token and code',
    description:
      'A code works once. The fifth wrong code ends the mfa_token; wrong codes also slow all further ones of that user: 429 with Retry-After.',
  })
  @ApiOkResponse({ type: TokenPairDto })
  @ApiProblem(...BEARER_PROBLEMS, ...BODY_PROBLEMS, 'RATE_LIMITED')
  login(@Body() answer: MfaLoginDto, @Req() request: FastifyRequest): Promise<TokenPairDto> {
    return this.signIn.login(answer, visitorOf(request));
  }

  @Post('disable')
  @HttpCode(200)
  @ApiBearerAuth()
  @ApiOperation({
    operationId: 'disableMfa',
    summary: 'Turns the second factor off',
    description: "Needs the password and a code, or a recovery code in its place. The user's other sessions end.",
  })
  @ApiOkResponse({ type: MfaStateDto })
  @ApiProblem(...BEARER_PROBLEMS, ...BODY_PROBLEMS, 'CONFLICT', 'RATE_LIMITED', 'SERVICE_UNAVAILABLE')
  disable(
    @Caller() caller: AccessClaims,
    @Body() proof: MfaDisableDto,
    @Req() request: FastifyRequest,
  ): Promise<MfaStateDto> {
    return this.mfa.disable(caller, proof, visitorOf(request));
  }
}
