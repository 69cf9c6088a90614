import { Inject, Injectable } from '@nestjs/common';
import { authenticate, BearerStrategy, TOKEN_TRUST, type TokenTrust } from '@gpubroker/platform/auth';
import { ApiError, toApiError } from '@gpubroker/platform/errors';
import { credentialsOf } from '@gpubroker/platform/limits';
import type { RequestIdentity } from '@gpubroker/platform/http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Identity } from './identity';

const ANONYMOUS: Identity = { kind: 'anonymous' };

/**
 * Who asks, found out once per request and before anything is counted: a caller with a valid token is charged to its tenant
 * and nobody else (SPEC S2). The services behind verify for themselves, so nothing of this is told to them.
 */
@Injectable()
export class Identities {
  private readonly strategy: BearerStrategy;
  private readonly known = new WeakMap<FastifyRequest, Identity>();

  constructor(@Inject(TOKEN_TRUST) trust: TokenTrust) {
    this.strategy = new BearerStrategy(trust);
  }

  install(fastify: FastifyInstance): void {
    // By callback: most requests carry no token, and a promise for each would cost more than all the rest of the gateway.
    fastify.addHook('onRequest', (request, _reply, done) => {
      if (request.headers.authorization === undefined) {
        done();
        return;
      }
      void this.find(request).then((identity) => {
        this.known.set(request, identity);
        if (identity.kind === 'user') (request as RequestIdentity).userId = identity.claims.uid;
        done();
      });
    });
  }

  of(request: FastifyRequest): Identity {
    return this.known.get(request) ?? ANONYMOUS;
  }

  /** @throws ApiError UNAUTHENTICATED, TOKEN_EXPIRED, or SERVICE_UNAVAILABLE while no key could be had yet */
  assertUser(request: FastifyRequest): void {
    const identity = this.of(request);
    if (identity.kind === 'anonymous') throw new ApiError('UNAUTHENTICATED', 'Sign in to do this');
    if (identity.kind === 'refused') throw identity.reason;
  }

  private async find(request: FastifyRequest): Promise<Identity> {
    try {
      const claims = await authenticate(this.strategy, request);
      return { kind: 'user', claims, credentials: credentialsOf(request.headers) };
    } catch (error) {
      return { kind: 'refused', reason: toApiError(error) };
    }
  }
}
