import type { ErrorEnvelopeDto } from '@gpubroker/contracts/errors';
import type { ApiError } from '@gpubroker/platform/errors';
import { textFrame } from '../delivery/text-frame';

const fixed = (type: string): Buffer => textFrame(JSON.stringify({ type }));

export const HEARTBEAT = fixed('heartbeat');
export const SUBSCRIBED = fixed('subscribed');
export const RESUMED = fixed('resumed');
export const SNAPSHOT_REQUIRED = fixed('snapshot_required');

/** `details` has one entry per bad field; it is left out where there is none. */
export function errorMessage({ code, message, options }: ApiError): Buffer {
  const { details } = options;
  const body: { type: 'error' } & Partial<ErrorEnvelopeDto['error']> = { type: 'error', code, message };
  return textFrame(JSON.stringify(details === undefined ? body : { ...body, details }));
}
