import type { PriceUpdate } from '@gpubroker/contracts/events';
import type { AvailabilityStatus, MacroRegion } from '@gpubroker/contracts/offers';
import { macroRegionOf } from '@gpubroker/provider-adapter/normalise';

/** What filters look at, worked out once per price change and not once per socket. */
export interface PriceSubject {
  readonly offerId: string;
  /** Lower case. */
  readonly gpuType: string;
  /** Lower case. */
  readonly region: string;
  readonly macroRegion: MacroRegion | null;
  readonly provider: string;
  readonly availability: AvailabilityStatus;
  /** Per GPU-hour, the new one. */
  readonly price: number;
}

export function priceSubject(update: PriceUpdate): PriceSubject {
  const region = update.region.toLowerCase();
  return {
    offerId: update.offer_id,
    gpuType: update.gpu_type.toLowerCase(),
    region,
    macroRegion: macroRegionOf(region),
    provider: update.provider,
    availability: update.availability_status,
    price: update.new_price,
  };
}
