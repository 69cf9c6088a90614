import type { FastifyInstance, FastifyRequest } from 'fastify';

/** SPEC G11: in production, when the proxy in front says that the caller came over plain HTTP. */
export function installHttpsRedirect(fastify: FastifyInstance, production: boolean): void {
  if (!production) return;
  fastify.addHook('onRequest', async (request, reply) => {
    // Without a proxy's word nothing is known: probes and clients inside the cluster speak plain HTTP rightly.
    if (saysPlainHttp(request)) return reply.redirect(`https://${request.host}${request.url}`, 308);
  });
}

/** The last entry is the nearest proxy's. */
function saysPlainHttp(request: FastifyRequest): boolean {
  const value = request.headers['x-forwarded-proto'];
  return [value].flat().join(',').split(',').at(-1)?.trim().toLowerCase() === 'http';
}
