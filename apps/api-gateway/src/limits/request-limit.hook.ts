import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '@gpubroker/platform/errors';
import { addressKey } from '@gpubroker/platform/http';
import type { RateDecision, RateLimiter } from '@gpubroker/platform/limits';
import type { Identity } from '../identity/identity';
import type { RateRules, Quota } from './rate-rules';

/** For a tenant that an admin left no requests at all. */
const NOTHING: RateDecision = { allowed: false, limit: 0, remaining: 0, resetMs: 60_000, retryAfterMs: 60_000 };

const seconds = (ms: number) => String(Math.ceil(ms / 1000));

/** Counts every request (SPEC G6, S2), before any of it is read or passed on. */
export function installRequestLimit(
  fastify: FastifyInstance,
  limiter: RateLimiter,
  rules: RateRules,
  identityOf: (request: FastifyRequest) => Identity,
): void {
  fastify.addHook('onRequest', async (request, reply) => {
    const quota = isExempt(request) ? null : rules.quotaOf(identityOf(request), addressKey(request.ip));
    if (quota === null) return;
    const decision = quota.limit === 0 ? NOTHING : await limiter.take(quota.key, quota.limit, quota.windowMs);
    describeLimit(reply, decision);
    if (!decision.allowed) throw refusal(quota, decision);
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

const refusal = ({ whose }: Quota, { retryAfterMs }: RateDecision) =>
  new ApiError('RATE_LIMITED', `Too many requests from this ${whose}`, {
    retryAfterSeconds: Math.ceil(retryAfterMs / 1000),
  });
