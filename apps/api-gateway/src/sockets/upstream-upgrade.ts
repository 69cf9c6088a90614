import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Duplex } from 'node:stream';
import type { ForwardedHeaders } from '../proxy/request-headers';

export interface UpgradeRequest {
  readonly origin: string;
  readonly path: string;
  readonly headers: ForwardedHeaders;
}

export interface SwitchedAnswer {
  readonly kind: 'switched';
  readonly rawHeaders: readonly string[];
  readonly socket: Duplex;
  readonly head: Buffer;
}

export interface RefusedAnswer {
  readonly kind: 'refused';
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export type UpgradeAnswer = SwitchedAnswer | RefusedAnswer;

/** A refusal is a short sentence; more than this is not read. */
const REFUSAL_BYTES = 64 * 1024;

/** Asks a service to switch to WebSocket, on a connection of its own: it will stay as long as the socket does. */
export function openUpstream({ origin, path, headers }: UpgradeRequest, signal: AbortSignal): Promise<UpgradeAnswer> {
  const send = origin.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = send(new URL(origin), {
      path,
      headers: { ...headers, connection: 'Upgrade', upgrade: 'websocket' },
      agent: false,
      signal,
    });
    request.once('upgrade', ({ rawHeaders }: IncomingMessage, socket, head: Buffer) => {
      resolve({ kind: 'switched', rawHeaders, socket, head });
    });
    request.once('response', (response: IncomingMessage) => {
      readRefusal(response).then(resolve, reject);
    });
    request.once('error', reject);
    request.end();
  });
}

async function readRefusal(response: IncomingMessage): Promise<UpgradeAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > REFUSAL_BYTES) throw new Error('the refusal of an upgrade is too long');
    chunks.push(chunk);
  }
  return {
    kind: 'refused',
    status: response.statusCode ?? 502,
    headers: response.headers,
    body: Buffer.concat(chunks),
  };
}
