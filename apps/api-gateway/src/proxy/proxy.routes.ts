import { Inject, Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isApiError } from '@gpubroker/platform/errors';
import { InjectLogger } from '@gpubroker/platform/logging';
import { ServiceMetrics } from '@gpubroker/platform/metrics';
import type { Logger } from 'pino';
import { GATEWAY_CONFIG, GATEWAY_ROUTES } from '../api-gateway.tokens';
import type { ApiGatewayConfig } from '../api-gateway.config';
import { isUnchanged, KeptAnswers } from '../answers/kept-answers';
import { Identities } from '../identity/identities';
import { KnownOperations } from '../openapi/known-operations';
import { needsToken, type Route } from '../routing/route-table';
import { keptCallerHeaders, toCallerHeaders } from './answer-headers';
import { callerOf, goneSignal, pathOf } from './caller';
import { CallerGoneError, toGatewayError } from './peer-failure';
import { Peers } from './peers';
import { readBody } from './read-body';
import { toServiceHeaders } from './request-headers';
import type { PeerAnswer, PeerRequest } from './peer';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
/** nginx's word for a caller who hung up; nobody sees it but our own logs and metrics. */
const CALLER_GONE = 499;

/** Passes requests on to the services, bytes untouched. */
@Injectable()
export class ProxyRoutes {
  constructor(
    @Inject(GATEWAY_CONFIG) private readonly config: ApiGatewayConfig,
    @Inject(GATEWAY_ROUTES) private readonly routes: readonly Route[],
    private readonly peers: Peers,
    private readonly operations: KnownOperations,
    private readonly identities: Identities,
    private readonly kept: KeptAnswers,
    private readonly metrics: ServiceMetrics,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  install(fastify: FastifyInstance): void {
    void fastify.register((scope, _options, done) => {
      // No parser may touch a body that is passed on: numbers would be rounded and equal keys merged.
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', (_request, _payload, parsed) => {
        parsed(null);
      });
      for (const route of this.routes) {
        const handler = (request: FastifyRequest, reply: FastifyReply) => this.forward(route, request, reply);
        for (const url of [route.prefix, `${route.prefix}/*`]) scope.route({ method: METHODS, url, handler });
      }
      done();
    });
  }

  private async forward(route: Route, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const question = this.kept.question(route, request);
    const known = question && this.kept.find(question);
    if (known) return passKept(known, request, reply);
    const path = pathOf(request.raw.url ?? '/');
    if (!route.pages) await this.operations.assertKnown(route.peer, request.method, path, reply);
    if (needsToken(route.access, request.method)) this.identities.assertUser(request);
    const body = await this.bodyOf(route, request, reply);
    const answer = await this.ask(route, request, reply, { path, body });
    if (!answer) return this.giveUp(request, reply);
    if (question) this.kept.keep(question, answer);
    return pass(answer, reply);
  }

  /** null: the caller hung up. */
  private async ask(
    route: Route,
    request: FastifyRequest,
    reply: FastifyReply,
    { path, body }: Pick<PeerRequest, 'path' | 'body'>,
  ): Promise<PeerAnswer | null> {
    const { method } = request;
    const headers = toServiceHeaders(request.headers, callerOf(request));
    const { peer, answerTimeoutMs } = route;
    try {
      return await this.peers
        .get(peer)
        .request({ method, path, headers, body, answerTimeoutMs }, goneSignal(reply.raw));
    } catch (error) {
      if (error instanceof CallerGoneError) return null;
      throw toGatewayError(peer, error);
    }
  }

  /** Fastify reports no request whose connection is gone, and a caller who waits in vain is worth knowing of. */
  private giveUp(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const { method } = request;
    this.metrics.observeRequest(method, request.routeOptions.url ?? '', CALLER_GONE, reply.elapsedTime / 1000);
    const path = request.url.split('?', 1)[0];
    this.logger.info(
      { method, path, status_code: CALLER_GONE, duration_ms: Math.round(reply.elapsedTime) },
      'the caller hung up',
    );
    return reply.hijack();
  }

  private async bodyOf(route: Route, request: FastifyRequest, reply: FastifyReply): Promise<Buffer | null> {
    if (request.method === 'GET' || request.method === 'HEAD') return null;
    try {
      return await readBody(request.raw, {
        maxBytes: this.config.bodyLimits[route.body],
        withinMs: this.config.bodyTimeoutMs,
      });
    } catch (error) {
      // The rest of a late body may never come, and the next request could not be told from it.
      if (isApiError(error) && error.code === 'MALFORMED_REQUEST') void reply.header('connection', 'close');
      throw error;
    }
  }
}

function pass(
  { status, headers, body }: PeerAnswer,
  reply: FastifyReply,
  callerHeaders: typeof toCallerHeaders = toCallerHeaders,
): FastifyReply {
  const vary = reply.getHeader('vary');
  void reply.code(status).headers(callerHeaders(headers, vary === undefined ? undefined : String(vary)));
  // Not send(null): under a JSON content type Fastify would write the word.
  return body === null ? reply.send() : reply.send(body);
}

function passKept(answer: PeerAnswer, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (!isUnchanged(answer, request.headers['if-none-match'])) return pass(answer, reply, keptCallerHeaders);
  const { 'content-length': _length, 'content-type': _type, ...headers } = answer.headers;
  return pass({ status: 304, headers, body: null }, reply);
}
