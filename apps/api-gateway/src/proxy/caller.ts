import type { ServerResponse } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { traceparent } from '@gpubroker/platform/tracing';
import { CallerGoneError } from './peer-failure';
import type { CallerFacts } from './request-headers';

/** Fastify has settled address, protocol and host by TRUSTED_PROXIES. */
export const callerOf = (request: FastifyRequest): CallerFacts => ({
  address: request.ip,
  protocol: request.protocol,
  host: request.host,
  traceparent: traceparent(),
});

/** Aborts when the caller hangs up before the answer is out, so that nobody works for nobody. */
export function goneSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort(new CallerGoneError('the caller hung up'));
  });
  return controller.signal;
}

/** Path and query as sent. The absolute form (`GET http://host/path`) names a host that is not the service's. */
export const pathOf = (url: string): string =>
  url.startsWith('/') ? url : url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').replace(/^(?!\/)/, '/');
