import type { IncomingMessage } from 'node:http';
import { ApiError } from '@gpubroker/platform/errors';

export interface BodyLimits {
  readonly maxBytes: number;
  readonly withinMs: number;
}

const tooLarge = (maxBytes: number) =>
  new ApiError('PAYLOAD_TOO_LARGE', `The request body is larger than ${maxBytes} bytes`);

/**
 * The body's bytes, unread by anybody. Whole before the service is called, so that a slow caller holds none of its
 * connections and one over the limit has not bothered it.
 * @returns null when there is none
 * @throws ApiError PAYLOAD_TOO_LARGE, or MALFORMED_REQUEST when it is late or breaks off
 */
export async function readBody(source: IncomingMessage, { maxBytes, withinMs }: BodyLimits): Promise<Buffer | null> {
  const { 'content-length': declared, 'transfer-encoding': encoding } = source.headers;
  if (declared === undefined && encoding === undefined) return null;
  if (Number(declared ?? 0) > maxBytes) {
    source.resume();
    throw tooLarge(maxBytes);
  }
  return collect(source, maxBytes, withinMs);
}

/**
 * By events and not `for await`, which destroys the socket when it is left early. What is refused is read on and thrown away:
 * a connection closed under a caller who still writes is reset, and with it the answer that says why.
 */
function collect(source: IncomingMessage, maxBytes: number, withinMs: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size > maxBytes) refuse(tooLarge(maxBytes));
    };
    const onEnd = () => {
      release();
      resolve(Buffer.concat(chunks, size));
    };
    const onBreak = () => {
      refuse(new ApiError('MALFORMED_REQUEST', 'The request body broke off'));
    };
    const timer = setTimeout(() => {
      refuse(new ApiError('MALFORMED_REQUEST', 'The request body did not arrive in time'));
    }, withinMs);
    const release = () => {
      clearTimeout(timer);
      source.off('data', onData).off('end', onEnd).off('close', onBreak).off('error', onBreak);
    };
    const refuse = (error: ApiError) => {
      release();
      source.on('error', () => undefined).resume();
      reject(error);
    };
    source.on('data', onData).on('end', onEnd).on('close', onBreak).on('error', onBreak);
  });
}
