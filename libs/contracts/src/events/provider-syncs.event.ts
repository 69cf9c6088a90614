import { z } from 'zod';
import { OFFER_SOURCES } from '../offers';
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
  /** Where the cloud's offers come from after this sync: those of another source are listed nowhere. Absent or null: not known. */
  source: z.enum(OFFER_SOURCES).nullish(),
  /** Seconds between two syncs of the cloud, the emulator's speed counted in: what "stale" is measured in. */
  interval_seconds: z.number().positive().nullish(),
  /** Null before the first good sync, and from producers that do not say it: `at` of a good one stands in. */
  last_good_sync_at: timeValue.nullish(),
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
