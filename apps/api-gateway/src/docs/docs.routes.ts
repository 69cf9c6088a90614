import { dirname } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { ApiError } from '@gpubroker/platform/errors';
import { DOCS_INITIALIZER, DOCS_PAGE, DOCS_PATH, DOCS_POLICY } from './docs-page';

const ASSETS: ReadonlySet<string> = new Set(['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png']);

/** The folder of swagger-ui's files, which come with @nestjs/swagger: no network is needed to read the docs. */
function assetFolder(): string {
  const from = dirname(require.resolve('@nestjs/swagger/package.json'));
  return dirname(require.resolve('swagger-ui-dist/package.json', { paths: [from] }));
}

/** Interactive documentation at /api/v2/docs (SPEC G4). */
export function installDocs(fastify: FastifyInstance): void {
  void fastify.register(async (scope) => {
    // Nobody resumes a style sheet, and an impossible range would be answered without the envelope.
    await scope.register(fastifyStatic, { root: assetFolder(), serve: false, acceptRanges: false });
    scope.addHook('onSend', (_request, reply, _payload, done) => {
      void reply.header('content-security-policy', DOCS_POLICY);
      done();
    });
    scope.get(DOCS_PATH, (_request, reply) => reply.type('text/html; charset=utf-8').send(DOCS_PAGE));
    scope.get(`${DOCS_PATH}/initializer.js`, (_request, reply) =>
      reply.type('text/javascript; charset=utf-8').send(DOCS_INITIALIZER),
    );
    scope.get<{ Params: { file: string } }>(`${DOCS_PATH}/:file`, ({ params: { file } }, reply) => {
      if (!ASSETS.has(file)) throw new ApiError('NOT_FOUND', 'Not found');
      return reply.sendFile(file, { maxAge: '1d' });
    });
  });
}
