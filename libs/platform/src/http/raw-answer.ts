import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { ApiError } from '../errors/api-error';
import { errorEnvelope } from '../errors/error-envelope';
import { traceContextFor } from '../tracing/trace-context';
import { SECURITY_HEADERS } from './security-headers';

/** What Node hands out when bytes could not be read as a request. */
export interface UnreadableRequest {
  readonly code?: string;
  /** A Buffer, whatever Fastify's types say. */
  readonly rawPacket?: unknown;
}

const UNREADABLE = new ApiError('MALFORMED_REQUEST', 'The request could not be read');
/** A request line whose method is a word that HTTP does not know; anything else is no HTTP. */
const UNKNOWN_METHOD = /^([A-Za-z][A-Za-z0-9_-]{0,31}) \S+ HTTP\/1\.[01]\r?\n/;

/** As long as a head may be: Node's own limit. */
const HEAD_BYTES = 16_384;

/** An answer to bytes for which there is no request object: written by hand, in the envelope all the same. */
export function answerUnreadable({ code, rawPacket }: UnreadableRequest): string {
  if (code === 'HPE_HEADER_OVERFLOW') return rawAnswer(UNREADABLE, '431 Request Header Fields Too Large');
  const head = Buffer.isBuffer(rawPacket) ? rawPacket.toString('latin1', 0, HEAD_BYTES) : '';
  const [, method] = UNKNOWN_METHOD.exec(head) ?? [];
  return code === 'HPE_INVALID_METHOD' && method !== undefined
    ? rawAnswer(notAllowed(method), '405 Method Not Allowed')
    : rawAnswer(UNREADABLE, '400 Bad Request');
}

/** Node hangs up on CONNECT without a word, and answers a strange `Expect` with an empty 417. */
export function answerForNode(server: Server): void {
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    socket.on('error', () => undefined).end(rawAnswer(notAllowed('CONNECT'), '405 Method Not Allowed'));
  });
  server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    const { headers, body } = answerTo(new ApiError('MALFORMED_REQUEST', 'Only Expect: 100-continue is understood'));
    response.writeHead(417, headers).end(body);
  });
}

const notAllowed = (method: string) => new ApiError('METHOD_NOT_ALLOWED', `${method} is not allowed here`);

const METHODS = 'DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT';

function rawAnswer(error: ApiError, statusLine: string): string {
  const { headers, body } = answerTo(error);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${statusLine}\r\n${lines.join('')}\r\n${body}`;
}

function answerTo(error: ApiError): { headers: Record<string, string>; body: string } {
  const { traceId } = traceContextFor(undefined);
  const body = JSON.stringify(errorEnvelope(error, traceId));
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    'x-trace-id': traceId,
    ...SECURITY_HEADERS,
    ...(error.code === 'METHOD_NOT_ALLOWED' && { allow: METHODS }),
    connection: 'close',
  };
  return { headers, body };
}
