import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../errors/api-error';
import { errorEnvelope } from '../errors/error-envelope';
import { traceContextFor } from '../tracing/trace-context';
import { headerOf } from './header-of';
import { answerUnreadable } from './raw-answer';
import { SECURITY_HEADERS } from './security-headers';

export interface FastifyAdapterOptions {
  readonly maxBodyBytes: number;
  readonly trustedProxies: readonly string[];
}

/** Longer than the 60 s that balancers keep idle connections, so that none is reset while a request is on its way. */
const KEEP_ALIVE_MS = 75_000;
const REQUEST_MS = 30_000;
const MAX_PARAM_LENGTH = 1024;

/** Nest on Fastify with the limits that every service has; failures before any route still answer in the envelope. */
export function createFastifyAdapter({ maxBodyBytes, trustedProxies }: FastifyAdapterOptions): FastifyAdapter {
  return new FastifyAdapter({
    logger: false,
    bodyLimit: maxBodyBytes,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: REQUEST_MS,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: MAX_PARAM_LENGTH },
    frameworkErrors: (_error: unknown, request: FastifyRequest, reply: FastifyReply) => answerBadPath(request, reply),
    // Left to Node, a request without Host is answered without the envelope.
    http: { requireHostHeader: false },
    clientErrorHandler: (error, socket) => {
      if (!socket.writable || error.code === 'ECONNRESET') return;
      socket.end(answerUnreadable(error));
    },
  });
}

/** No hook has run for such a request, so that what the hooks give every answer is given here. */
function answerBadPath(request: FastifyRequest, reply: FastifyReply): void {
  const error = new ApiError('MALFORMED_REQUEST', 'The request path is malformed');
  const { traceId } = traceContextFor(headerOf(request, 'traceparent'));
  void reply
    .status(error.status)
    .headers({ ...SECURITY_HEADERS, 'x-trace-id': traceId })
    .send(errorEnvelope(error, traceId));
}
