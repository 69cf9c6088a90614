import type { OfferSource } from '@gpubroker/contracts/offers';

const FLOOR_SECONDS = 1;
const JITTER = 0.1;

/** Seconds between two syncs; the emulated market and its syncs run at the same multiple of real pace (SPEC §11). */
export function syncInterval(configuredSeconds: number, source: OfferSource | null, emulatorSpeed: number): number {
  return source === 'emulator' ? Math.max(FLOOR_SECONDS, configuredSeconds / emulatorSpeed) : configuredSeconds;
}

/** Spread, so that clouds and replicas do not all ask in the same second. @param random 0 to 1 */
export function jittered(seconds: number, random: number): number {
  return seconds * (1 - JITTER + 2 * JITTER * random);
}
