import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { CallerRequest } from '@gpubroker/platform/auth';
import { ApiError } from '@gpubroker/platform/errors';
import type { FastifyRequest } from 'fastify';
import type { Actor } from './audit-outbox';

/** From the token and the connection, never from the body. */
export const ActorOf = createParamDecorator((_data: unknown, context: ExecutionContext): Actor => {
  const { caller, ip } = context.switchToHttp().getRequest<FastifyRequest & CallerRequest>();
  if (caller === undefined) throw new ApiError('UNAUTHENTICATED', 'Sign in to do this');
  return { userId: caller.uid, tenantId: caller.tenant_id, ip };
});
