/** The right of one socket to be open. */
export interface Seat {
  /** Once; further calls do nothing. */
  release(): void;
}

/** Counts the open sockets of a holder: a tenant, or an address. */
export interface SocketSeats {
  /** Of many who ask at once, as many get one as there are left. @returns null when all are taken */
  take(holder: string, limit: number): Promise<Seat | null>;
}

export const SOCKET_SEATS = Symbol('SOCKET_SEATS');
