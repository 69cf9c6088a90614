import type { Readable } from 'node:stream';
import type { INestApplication } from '@nestjs/common';
import { ApiError } from '@gpubroker/platform/errors';
import { parseJsonBody } from '@gpubroker/platform/http';
import type { FastifyInstance } from 'fastify';
import { parseJsonInTurns } from './json-in-turns';

/**
 * Characters up to which a body is parsed at one go, some 30 ms: cutting it up would cost the caller twice the time, and save
 * the others a wait that they may have.
 */
const AT_ONE_GO = 4_194_304;
/** A body of up to so many times the limit is read to its end before it is refused. */
const READ_ON = 4;

/** In place of the platform's reader, which is made for bodies of at most 1 MiB. */
export function readJsonInTurns(app: INestApplication, maxBytes: number): void {
  const fastify = app.getHttpAdapter().getInstance() as FastifyInstance;
  fastify.removeContentTypeParser('application/json');
  fastify.addContentTypeParser('application/json', async (_request: unknown, payload: Readable) => {
    const text = await textOf(payload, maxBytes);
    return text.length <= AT_ONE_GO ? parseJsonBody(text) : parseJsonInTurns(text);
  });
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
