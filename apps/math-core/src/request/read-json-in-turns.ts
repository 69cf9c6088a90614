import type { Readable } from 'node:stream';
import type { INestApplication } from '@nestjs/common';
import { ApiError } from '@gpubroker/platform/errors';
import type { FastifyInstance } from 'fastify';
import { parseJsonInTurns } from './json-in-turns';

/** A body of up to so many times the limit is read to its end before it is refused. */
const READ_ON = 4;

/** In place of the platform's reader, which is made for bodies of at most 1 MiB. */
export function readJsonInTurns(app: INestApplication, maxBytes: number): void {
  const fastify = app.getHttpAdapter().getInstance() as FastifyInstance;
  fastify.removeContentTypeParser('application/json');
  fastify.addContentTypeParser('application/json', async (_request: unknown, payload: Readable) =>
    parseJsonInTurns(await textOf(payload, maxBytes)),
  );
}

/** Refused while it is still being sent, many callers would see a broken connection and never the answer. */
function textOf(payload: Readable, maxBytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const tooLarge = () => reject(new ApiError('PAYLOAD_TOO_LARGE', 'The request body is too large'));
    let chunks: Buffer[] = [];
    let bytes = 0;
    payload.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBytes) chunks.push(chunk);
      else chunks = [];
      if (bytes > READ_ON * maxBytes) tooLarge();
    });
    payload.on('end', () => {
      if (bytes > maxBytes) tooLarge();
      else resolve(Buffer.concat(chunks).toString('utf8'));
    });
    payload.on('error', reject);
  });
}
