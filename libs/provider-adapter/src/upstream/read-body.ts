import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError';
}

export class UnknownEncodingError extends Error {
  override readonly name = 'UnknownEncodingError';
}

/**
 * Reads a body into memory, decompressed. Bytes are counted after decompression, while they stream: a small compressed
 * answer that grows without end is stopped at the cap, not after it has filled the memory.
 * @throws BodyTooLargeError, UnknownEncodingError, or the stream's own error
 */
export async function readBody(body: Readable, encoding: string | undefined, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let received = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      received += chunk.length;
      if (received > maxBytes) {
        done(new BodyTooLargeError());
        return;
      }
      chunks.push(chunk);
      done();
    },
  });
  const decoder = decoderFor(encoding);
  await (decoder === null ? pipeline(body, count) : pipeline(body, decoder, count));
  return Buffer.concat(chunks);
}

function decoderFor(encoding: string | undefined): Transform | null {
  switch ((encoding ?? 'identity').trim().toLowerCase()) {
    case 'identity':
    case '':
      return null;
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      throw new UnknownEncodingError();
  }
}
