import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '@gpubroker/platform/errors';
import { addressKey } from '@gpubroker/platform/http';
import type { RateDecision, RateLimiter } from './rate-limiter';

const WINDOW_MS = 60_000;
const seconds = (ms: number) => String(Math.ceil(ms / 1000));

/** Counts every request by its address (SPEC G6), before any of it is read or passed on. */
export function installIpLimit(fastify: FastifyInstance, limiter: RateLimiter, perMinute: number): void {
  if (perMinute === 0) return;
  fastify.addHook('onRequest', async (request, reply) => {
    if (isExempt(request)) return;
    const decision = await limiter.take(`ip:${addressKey(request.ip)}`, perMinute, WINDOW_MS);
    describeLimit(reply, decision);
    if (decision.allowed) return;
    throw new ApiError('RATE_LIMITED', 'Too many requests from this address', {
      retryAfterSeconds: Math.ceil(decision.retryAfterMs / 1000),
    });
  });
}

/** A flood from an address that Kubernetes or Prometheus shares must not have the process restarted or unseen. */
function isExempt(request: FastifyRequest): boolean {
  const route = request.routeOptions.url;
  return route === '/metrics' || (route === '/health' && request.url.endsWith('?probe=live'));
}

function describeLimit(reply: FastifyReply, { limit, remaining, resetMs }: RateDecision): void {
  void reply.headers({
    'ratelimit-limit': String(limit),
    'ratelimit-remaining': String(remaining),
    'ratelimit-reset': seconds(resetMs),
  });
}
