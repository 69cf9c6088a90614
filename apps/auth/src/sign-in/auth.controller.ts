import { Body, Controller, Get, HttpCode, Post, Req } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiCreatedResponse,
  ApiExtraModels,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import {
  LoggedOutDto,
  LoginDto,
  LogoutDto,
  MfaRequiredDto,
  ProfileDto,
  RefreshDto,
  RegisterDto,
  RegisteredUserDto,
  TokenPairDto,
  type AccessClaims,
} from '@gpubroker/contracts/auth';
import { Caller, Public } from '@gpubroker/platform/auth';
import type { FastifyRequest } from 'fastify';
import { ApiProblem, BODY_PROBLEMS } from '@gpubroker/platform/openapi';
import { AccountsService } from '../accounts/accounts.service';
import { RegistrationService } from '../accounts/registration.service';
import { BEARER_PROBLEMS, FINGERPRINT } from '../auth.openapi';
import { SessionsService } from './sessions.service';
import { SignInService } from './sign-in.service';
import { visitorOf } from './visitor';

@ApiTags('auth')
@Controller('api/v2/auth')
export class AuthController {
  constructor(
    private readonly registration: RegistrationService,
    private readonly signIn: SignInService,
    private readonly sessions: SessionsService,
    private readonly accounts: AccountsService,
  ) {}

  @Public()
  @Post('register')
  @ApiOperation({ operationId: 'register', summary: 'A new user with a new free tenant' })
  @ApiCreatedResponse({ type: RegisteredUserDto })
  @ApiProblem(...BODY_PROBLEMS, 'CONFLICT', 'RATE_LIMITED', 'SERVICE_UNAVAILABLE', 'DB_UNAVAILABLE')
  register(@Body() wanted: RegisterDto, @Req() request: FastifyRequest): Promise<RegisteredUserDto> {
    return this.registration.register(wanted, visitorOf(request));
  }

  @Public()
  @Post('login')
  @HttpCode(200)
  @ApiHeader(FINGERPRINT)
  @ApiOperation({
    operationId: 'login',
    summary: 'An access and a refresh token for e-mail address and password',
    description:
      'Wrong password and unknown address give the same answer. After five failures within 15 minutes an address has to wait, longer each time: 429 with Retry-After. Where a second factor is on, mfa_required and an mfa_token come in place of tokens: go on with mfa/login.',
  })
  @ApiExtraModels(TokenPairDto, MfaRequiredDto)
  @ApiOkResponse({ schema: { oneOf: [TokenPairDto, MfaRequiredDto].map((type) => ({ $ref: getSchemaPath(type) })) } })
  @ApiProblem(...BODY_PROBLEMS, 'UNAUTHENTICATED', 'RATE_LIMITED', 'SERVICE_UNAVAILABLE', 'DB_UNAVAILABLE')
  login(@Body() credentials: LoginDto, @Req() request: FastifyRequest): Promise<TokenPairDto | MfaRequiredDto> {
    return this.signIn.login(credentials, visitorOf(request));
  }

  @Public()
  @Post('refresh')
  @HttpCode(200)
  @ApiHeader(FINGERPRINT)
  @ApiOperation({
    operationId: 'refresh',
    summary: 'New tokens for a refresh token, which works once',
    description: 'Using one a second time ends its whole session.',
  })
  @ApiOkResponse({ type: TokenPairDto })
  @ApiProblem(...BEARER_PROBLEMS, ...BODY_PROBLEMS)
  refresh(@Body() { refresh_token }: RefreshDto, @Req() request: FastifyRequest): Promise<TokenPairDto> {
    return this.sessions.refresh(refresh_token, visitorOf(request));
  }

  @Post('logout')
  @HttpCode(200)
  @ApiBearerAuth()
  @ApiOperation({
    operationId: 'logout',
    summary: "Ends the caller's session: its refresh token works no more",
    description: 'Access tokens run out by themselves, at the latest after 15 minutes.',
  })
  @ApiBody({ type: LogoutDto, required: false })
  @ApiOkResponse({ type: LoggedOutDto })
  @ApiProblem(...BEARER_PROBLEMS, ...BODY_PROBLEMS)
  async logout(
    @Caller() caller: AccessClaims,
    @Req() request: FastifyRequest,
    @Body() body?: LogoutDto,
  ): Promise<LoggedOutDto> {
    await this.sessions.logout(caller, body?.refresh_token, visitorOf(request));
    return { logged_out: true };
  }

  @Get('me')
  @ApiBearerAuth()
  @ApiOperation({ operationId: 'getProfile', summary: 'Who the token belongs to' })
  @ApiOkResponse({ type: ProfileDto })
  @ApiProblem(...BEARER_PROBLEMS)
  me(@Caller() caller: AccessClaims): Promise<ProfileDto> {
    return this.accounts.profile(caller.uid);
  }
}
