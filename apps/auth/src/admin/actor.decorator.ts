import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { CallerRequest } from '@gpubroker/platform/auth';
import { ApiError } from '@gpubroker/platform/errors';
import type { FastifyRequest } from 'fastify';
import type { AuditEntry } from '../audit/audit-entry';

/** Who does it and from where, as the audit log wants it. */
export type Actor = Pick<AuditEntry, 'userId' | 'tenantId' | 'ip'>;

/** From the token and the connection, never from the body. */
export const ActorOf = createParamDecorator((_data: unknown, context: ExecutionContext): Actor => {
  const { caller, ip } = context.switchToHttp().getRequest<FastifyRequest & CallerRequest>();
  if (!caller) throw new ApiError('UNAUTHENTICATED', 'Sign in to do this');
  return { userId: caller.uid, tenantId: caller.tenant_id, ip };
});
