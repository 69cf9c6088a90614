import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { traceIdOf } from '../tracing/trace-context';
import type { RouteMethods } from '../http/route-methods';
import { ApiError } from './api-error';
import { errorEnvelope } from './error-envelope';
import { toApiError } from './to-api-error';

const UNAVAILABLE_RETRY_SECONDS = 2;
const CHALLENGE = 'Bearer realm="gpubroker"';

/** The last stop of every failure inside a service: decides what the caller may know, and logs what only we may. */
@Catch()
export class ErrorEnvelopeFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    private readonly routes: RouteMethods,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.send(thrown, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  send(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const error = this.asMethodNotAllowed(asBrokenOff(thrown, request) ?? toApiError(thrown), request, reply);
    this.log(error, request);
    if (reply.sent) return;
    const retryAfter = error.options.retryAfterSeconds ?? (error.status === 503 ? UNAVAILABLE_RETRY_SECONDS : null);
    if (retryAfter !== null) void reply.header('retry-after', String(retryAfter));
    if (error.status === 401) void reply.header('www-authenticate', challengeOf(error, request));
    void reply
      .status(error.status)
      .header('content-type', 'application/json; charset=utf-8')
      .send(JSON.stringify(errorEnvelope(error, traceIdOf(request))));
  }

  /** Fastify answers 404 for a wrong method; a path that exists under another method is 405 with `Allow`. */
  private asMethodNotAllowed(error: ApiError, request: FastifyRequest, reply: FastifyReply): ApiError {
    if (error.code !== 'NOT_FOUND' || !request.is404) return error;
    const allowed = this.routes.allowedFor(request.url);
    if (allowed.length === 0) return error;
    void reply.header('allow', allowed.join(', '));
    return new ApiError('METHOD_NOT_ALLOWED', `${request.method} is not allowed here`);
  }

  private log(error: ApiError, request: FastifyRequest): void {
    if (error.status < 500) return;
    const fields = { trace_id: traceIdOf(request), code: error.code, err: error.cause ?? error };
    if (error.code === 'INTERNAL_ERROR') this.logger.error(fields, error.message);
    else this.logger.warn(fields, error.message);
  }
}

/** RFC 9110 15.5.2 wants it with every 401; RFC 6750 3.1 wants no reason given to who sent no token. */
function challengeOf({ code }: ApiError, { headers }: FastifyRequest): string {
  if (headers.authorization === undefined) return CHALLENGE;
  const reason = code === 'TOKEN_EXPIRED' ? ', error_description="The token has expired"' : '';
  return `${CHALLENGE}, error="invalid_token"${reason}`;
}

/** A caller who hangs up in the middle of the body is no bug of ours: counted as one, it would wake somebody. */
function asBrokenOff(thrown: unknown, request: FastifyRequest): ApiError | null {
  const hungUp = request.raw.destroyed && !request.raw.complete;
  return hungUp ? new ApiError('MALFORMED_REQUEST', 'The request broke off', { cause: thrown }) : null;
}
