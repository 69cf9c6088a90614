import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { AccessClaims, Role } from '@gpubroker/contracts/auth';
import { invalidToken } from './token-error';

export const PUBLIC = 'gpubroker:public';
export const ROLES_NEEDED = 'gpubroker:roles';

/** The operation, or every operation of the controller, needs no token (SPEC G5). */
export const Public = (): ClassDecorator & MethodDecorator => SetMetadata(PUBLIC, true);

/** One of these roles is needed; without it every signed-in user may. */
export const Roles = (...roles: Role[]): ClassDecorator & MethodDecorator => SetMetadata(ROLES_NEEDED, roles);

/** Set by the guard. */
export interface CallerRequest {
  caller?: AccessClaims;
}

/** Who asks, from the token and from nowhere else: `read(@Caller() caller: AccessClaims)`. */
export const Caller = createParamDecorator((_data: unknown, context: ExecutionContext): AccessClaims => {
  const { caller } = context.switchToHttp().getRequest<CallerRequest>();
  if (!caller) throw invalidToken();
  return caller;
});
