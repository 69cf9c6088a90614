import cors from '@fastify/cors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const EXPOSED_HEADERS = [
  'ETag',
  'Link',
  'Retry-After',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
  'X-Trace-Id',
];
const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const PREFLIGHT_SECONDS = 600;

/**
 * Browsers of the origins named may read the answers. Not by Nest's `enableCors`, whose hook comes before ours (a preflight
 * without a trace) and costs every answer a copy of its headers; and the plugin's own preflight takes every OPTIONS for one.
 */
export function installCors(fastify: FastifyInstance, origins: readonly string[]): void {
  void fastify.register(cors, {
    origin: [...origins],
    credentials: true,
    exposedHeaders: EXPOSED_HEADERS,
    preflight: false,
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    if (isPreflight(request)) answerPreflight(request, reply);
    else done();
  });
}

/** Any other OPTIONS is a method like the others, and none that a path here takes. */
const isPreflight = ({ method, headers }: FastifyRequest): boolean =>
  method === 'OPTIONS' && headers.origin !== undefined && headers['access-control-request-method'] !== undefined;

/** The plugin has decided about the origin: without its word the browser refuses, whatever stands here. */
function answerPreflight({ headers }: FastifyRequest, reply: FastifyReply): void {
  const asked = headers['access-control-request-headers'];
  void reply
    .status(204)
    .headers({
      vary: 'Origin, Access-Control-Request-Headers',
      'access-control-allow-methods': METHODS,
      'access-control-max-age': String(PREFLIGHT_SECONDS),
      ...(asked !== undefined && { 'access-control-allow-headers': asked }),
    })
    .send();
}
