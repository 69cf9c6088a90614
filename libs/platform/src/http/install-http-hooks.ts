import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { ApiError, validationError } from '../errors/api-error';
import type { HealthRegistry } from '../health/health.registry';
import type { ServiceMetrics } from '../metrics/service-metrics';
import { attachTrace, runInTrace, traceContextFor, traceIdOf } from '../tracing/trace-context';
import { installCors } from './cors';
import { headerOf } from './header-of';
import { parseJsonBody } from './json-guard';
import { answerForNode } from './raw-answer';
import type { RouteMethods } from './route-methods';
import { HSTS, SECURITY_HEADERS } from './security-headers';

export interface HttpHookOptions {
  readonly logger: Logger;
  readonly metrics: ServiceMetrics;
  readonly health: HealthRegistry;
  readonly routes: RouteMethods;
  readonly production: boolean;
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
}

/** Set by the guard that checked the token; shown in the request line. */
export interface RequestIdentity {
  userId?: string;
}

/** What happens to every request of every service, before and after its route. */
export function installHttpHooks(fastify: FastifyInstance, options: HttpHookOptions): void {
  answerForNode(fastify.server);
  collectRoutes(fastify, options.routes);
  readJson(fastify);
  traceRequests(fastify);
  installCors(fastify, options.allowedOrigins);
  refuseBadRequests(fastify, options.allowedHosts);
  refuseBeforeReading(fastify);
  sendHeaders(fastify, options);
  reportRequests(fastify, options);
}

function collectRoutes(fastify: FastifyInstance, routes: RouteMethods): void {
  fastify.addHook('onRoute', ({ url, method }) => {
    for (const one of [method].flat()) if (one !== 'HEAD' && url !== '*' && url !== '/*') routes.add(url, one);
  });
}

function readJson(fastify: FastifyInstance): void {
  fastify.removeContentTypeParser(['application/json', 'text/plain']);
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, parseJsonBody(body as string));
    } catch (error) {
      done(error as Error);
    }
  });
}

function traceRequests(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const context = traceContextFor(headerOf(request, 'traceparent'));
    attachTrace(request, context);
    void reply.header('x-trace-id', context.traceId);
    runInTrace(context, done);
  });
}

function refuseBadRequests(fastify: FastifyInstance, allowedHosts: readonly string[]): void {
  const anyHost = allowedHosts.includes('*');
  const hosts = new Set(allowedHosts.map((host) => host.toLowerCase()));
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (/%00/i.test(request.url)) {
      done(validationError([{ field: '(url)', message: 'must not contain NUL characters' }]));
      return;
    }
    if (request.headers.host === undefined && request.raw.httpVersion === '1.1') {
      done(new ApiError('MALFORMED_REQUEST', 'The request names no host'));
      return;
    }
    // Kubernetes' probes and Prometheus speak to an address, not to a name.
    const named = !UNNAMED_ROUTES.has(request.routeOptions.url ?? '');
    if (!anyHost && named && !hosts.has(request.hostname.toLowerCase())) {
      done(new ApiError('MALFORMED_REQUEST', 'This host name is not served here'));
      return;
    }
    done();
  });
}

/** What leads nowhere is 404 or 405 whatever it carries: read first, a bad body would be complained of instead. */
function refuseBeforeReading(fastify: FastifyInstance): void {
  fastify.addHook('preParsing', (request, _reply, payload, done) => {
    done(request.is404 ? new ApiError('NOT_FOUND', 'Not found') : null, payload);
  });
}

const UNNAMED_ROUTES = new Set(['/health', '/metrics']);

function sendHeaders(fastify: FastifyInstance, { production, health }: HttpHookOptions): void {
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    // Nest turns away what is no path (`OPTIONS *`) before the trace is set up.
    if (!reply.hasHeader('x-trace-id')) void reply.header('x-trace-id', traceIdOf(request));
    for (const [name, value] of Object.entries(SECURITY_HEADERS))
      if (!reply.hasHeader(name)) void reply.header(name, value);
    if (production) void reply.header('strict-transport-security', HSTS);
    // Without it keep-alive clients never leave a stopping process, and their next request is reset.
    if (health.isDraining) void reply.header('connection', 'close');
    done();
  });
}

function reportRequests(fastify: FastifyInstance, { logger, metrics }: HttpHookOptions): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.is404 ? '(none)' : (request.routeOptions.url ?? '(none)');
    metrics.observeRequest(request.method, route, reply.statusCode, reply.elapsedTime / 1000);
    if (!UNNAMED_ROUTES.has(route)) {
      const { userId } = request as RequestIdentity;
      logger.info(
        {
          method: request.method,
          path: request.url.split('?', 1)[0],
          status_code: reply.statusCode,
          duration_ms: Math.round(reply.elapsedTime * 100) / 100,
          user_id: userId ?? null,
          trace_id: traceIdOf(request),
        },
        'request',
      );
    }
    done();
  });
}
