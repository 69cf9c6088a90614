import type { QuantityPeriod } from '@gpubroker/contracts/math';

const HOUR = 3_600;
/** Seconds of each period; a month has 720 hours, as in the sentences that buyers write. */
export const PERIOD_SECONDS: Readonly<Record<QuantityPeriod, number>> = {
  second: 1,
  minute: 60,
  hour: HOUR,
  day: 24 * HOUR,
  week: 168 * HOUR,
  month: 720 * HOUR,
};
