import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../errors/api-error';
import type { RequestIdentity } from '../http/install-http-hooks';
import { PUBLIC, ROLES_NEEDED, type CallerRequest } from './access.decorators';
import { authenticate, BearerStrategy } from './bearer.strategy';
import type { TokenTrust } from './verify-token';

export const TOKEN_TRUST = Symbol('TOKEN_TRUST');

/** Every operation of the application needs a token unless it says `@Public()`: forgetting the word closes the door. */
@Injectable()
export class BearerGuard implements CanActivate {
  private readonly strategy: BearerStrategy;

  constructor(
    private readonly reflector: Reflector,
    @Inject(TOKEN_TRUST) trust: TokenTrust,
  ) {
    this.strategy = new BearerStrategy(trust);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    // Event handlers come from our own log; they carry no token.
    if (context.getType() !== 'http' || this.read(context, PUBLIC) === true) return true;
    const request = context.switchToHttp().getRequest<CallerRequest & RequestIdentity & FastifyRequest>();
    const claims = await authenticate(this.strategy, request);
    request.caller = claims;
    request.userId = claims.uid;
    const needed = this.read(context, ROLES_NEEDED) as readonly string[] | undefined;
    if (needed && !needed.some((role) => claims.roles.includes(role)))
      throw new ApiError('FORBIDDEN', 'Your role does not allow this');
    return true;
  }

  private read(context: ExecutionContext, key: string): unknown {
    return this.reflector.getAllAndOverride<unknown>(key, [context.getHandler(), context.getClass()]);
  }
}
