import { z } from 'zod';
import type { EventContract } from './event-contract';
import { timeValue } from './wire-values';

const providerSyncSchema = z.object({
  provider: z.string().min(1),
  ok: z.boolean(),
  /** From the first request to the last answer of the sync, milliseconds. */
  latency_ms: z.number().nonnegative(),
  /** Valid offers that the sync brought; 0 when it failed. */
  offers: z.number().int().nonnegative(),
  /** `ok`, or the reason of the failure as in the sync metric, for example `timeout`. */
  status: z.string().min(1),
  at: timeValue,
});

export type ProviderSync = z.infer<typeof providerSyncSchema>;

/** One attempt to read a cloud's offers, good or bad. */
export const providerSyncs: EventContract<ProviderSync> = {
  topic: 'provider_syncs',
  version: 1,
  versions: { 1: providerSyncSchema },
  compacted: false,
  key: (sync) => sync.provider,
};
