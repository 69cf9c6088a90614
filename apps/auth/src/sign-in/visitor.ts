import { fingerprintOf } from '@gpubroker/platform/auth';
import type { FastifyRequest } from 'fastify';

/** Who is at the door before we know who it is. */
export interface Visitor {
  readonly ip: string;
  /** What the client calls itself (SPEC A7). */
  readonly fingerprint: string | undefined;
}

export const visitorOf = (request: FastifyRequest): Visitor => ({
  ip: request.ip,
  fingerprint: fingerprintOf(request),
});
