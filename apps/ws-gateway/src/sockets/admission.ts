import { ApiError } from '@gpubroker/platform/errors';
import type { SocketOwner } from './socket-owner';

/** What an upgrade is judged by. */
export interface Admission {
  /** False while the backlog is being read and while the replica stops. */
  readonly ready: boolean;
  readonly clients: number;
  readonly maxClients: number;
  /** Sent by browsers only. */
  readonly origin: string | undefined;
  /** Name and port that the request was made to. */
  readonly host: string;
  /** Empty: every origin. */
  readonly allowedOrigins: readonly string[];
}

const RETRY_SECONDS = 2;
const SLOT_RETRY_SECONDS = 30;

/** Refusals come before the switch of protocols, so that they have a status and a body. @returns null when it may come in */
export function refusalOf(asked: Admission): ApiError | null {
  if (!isOriginAllowed(asked)) return new ApiError('FORBIDDEN', 'Pages of this origin may not connect');
  if (!asked.ready)
    return new ApiError('SERVICE_UNAVAILABLE', 'The price feed is not ready', { retryAfterSeconds: RETRY_SECONDS });
  if (asked.clients >= asked.maxClients)
    return new ApiError('SERVICE_UNAVAILABLE', 'All sockets are taken', { retryAfterSeconds: SLOT_RETRY_SECONDS });
  return null;
}

/** All of its owner's seats are taken. */
export const noSeatLeft = (owner: SocketOwner, limit: number): ApiError =>
  new ApiError(
    'RATE_LIMITED',
    `${owner.kind === 'user' ? 'A tenant like this' : 'An address'} may hold ${limit} sockets`,
    {
      retryAfterSeconds: SLOT_RETRY_SECONDS,
    },
  );

/** A page that was loaded from this very door may always connect to it. */
function isOriginAllowed({ origin, host, allowedOrigins }: Admission): boolean {
  if (origin === undefined || allowedOrigins.length === 0) return true;
  return allowedOrigins.includes(origin) || hostOf(origin) === host.toLowerCase();
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
