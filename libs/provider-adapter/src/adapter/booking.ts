import type { Credentials } from './pull-request';

export interface BookingOptions {
  readonly credentials: Credentials;
  /** Container image to start. */
  readonly image?: string;
  readonly diskGb?: number;
  /** Shown in the cloud's console and looked for by an orphan sweep; keep it unique per booking. */
  readonly label?: string;
  /** USD per hour and node, decimal string: what a bid or spot offer is booked at. Required for those, ignored otherwise. */
  readonly bidPerNodeHour?: string;
  readonly signal?: AbortSignal;
}

export interface BookingResult {
  readonly provider: string;
  /** The offer that was booked: its externalId. */
  readonly offerId: string;
  /** The cloud's own id: store it before waiting for anything else, or a crash leaves a billing machine behind. */
  readonly instanceId: string;
  /** Hours the renter asked for. No cloud ends a machine by itself: whoever booked must terminate it. */
  readonly durationHours: number;
  readonly status: 'provisioning';
}

export interface TerminateOptions {
  readonly credentials: Credentials;
  readonly signal?: AbortSignal;
}

/** The cloud can be listed but not booked through this adapter. */
export class BookingNotSupportedError extends Error {
  override readonly name = 'BookingNotSupportedError';

  constructor(readonly provider: string) {
    super(`${provider} cannot be booked through GPUBROKER yet`);
  }
}

/** The booking itself is wrong (unknown id, no bid, no hours): nothing was sent. */
export class InvalidBookingError extends Error {
  override readonly name = 'InvalidBookingError';
}
