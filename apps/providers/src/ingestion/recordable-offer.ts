import { hash } from 'node:crypto';
import type { AvailabilityStatus, OfferSource } from '@gpubroker/contracts/offers';
import type { ProviderOffer } from '@gpubroker/provider-adapter/adapter';
import { Decimal } from 'decimal.js';

/** An offer in the form of its table: money rounded to the column, text cut to it, and a fingerprint of all of it. */
export interface RecordableOffer {
  readonly externalId: string;
  readonly gpuType: string;
  readonly gpuFamily: string | null;
  readonly gpuMatch: string;
  readonly upstreamGpuName: string;
  readonly gpuCount: string;
  /** The earlier build's columns are NOT NULL: 0 stands for "not known" there and is shown as null. */
  readonly gpuMemoryGb: number;
  readonly cpuCores: number;
  readonly ramGb: number;
  readonly storageGb: number;
  /** Decimal strings with four decimals. */
  readonly pricePerHour: string;
  readonly pricePerNodeHour: string;
  readonly currency: string;
  readonly pricing: string;
  readonly region: string;
  readonly macroRegion: string | null;
  readonly availability: AvailabilityStatus;
  readonly availabilityKnown: boolean;
  readonly complianceTags: readonly string[];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly source: OfferSource;
  /** Equal fingerprints mean that nothing about the offer changed: re-ingesting writes nothing. */
  readonly fingerprint: string;
}

const PRICE_DECIMALS = 4;
const MAX_PRICE = new Decimal('999999.9999');
const MAX_NODE_PRICE = new Decimal('99999999.9999');
const MAX_INTEGER = 2_147_483_647;

/** @returns null when the price cannot be kept in the column: it would round to 0, and 0 is never a price */
export function toRecordable(offer: ProviderOffer, source: OfferSource): RecordableOffer | null {
  const price = new Decimal(offer.pricePerGpuHour).toDecimalPlaces(PRICE_DECIMALS);
  const node = new Decimal(offer.pricePerNodeHour).toDecimalPlaces(PRICE_DECIMALS);
  if (
    !price.isFinite() ||
    price.lte(0) ||
    price.gt(MAX_PRICE) ||
    !node.isFinite() ||
    node.lte(0) ||
    node.gt(MAX_NODE_PRICE)
  )
    return null;
  const facts = {
    externalId: offer.externalId,
    gpuType: offer.gpuType.slice(0, 100),
    gpuFamily: offer.gpuFamily?.slice(0, 60) ?? null,
    gpuMatch: offer.gpuMatch,
    upstreamGpuName: offer.upstreamGpuName.slice(0, 255),
    gpuCount: countText(offer.gpuCount),
    gpuMemoryGb: wholeOrUnknown(offer.gpuMemoryGb),
    cpuCores: wholeOrUnknown(offer.cpuCores),
    ramGb: wholeOrUnknown(offer.ramGb),
    storageGb: wholeOrUnknown(offer.storageGb),
    pricePerHour: price.toFixed(PRICE_DECIMALS),
    pricePerNodeHour: node.toFixed(PRICE_DECIMALS),
    currency: offer.currency,
    pricing: offer.pricing,
    region: offer.region.slice(0, 100),
    macroRegion: offer.macroRegion,
    availability: offer.availability === 'unknown' ? 'limited' : offer.availability,
    availabilityKnown: offer.availability !== 'unknown',
    complianceTags: offer.complianceTags,
    attributes: offer.attributes,
    source,
  } as const;
  // Not a copy: a hundred thousand of them at once are what the garbage collector would spend a second on.
  return Object.assign(facts, { fingerprint: hash('sha1', JSON.stringify(facts), 'base64') });
}

/** At most four decimals, as the column keeps it; whole numbers are the rule. */
function countText(count: number): string {
  return Number.isInteger(count) ? String(count) : new Decimal(count).toDecimalPlaces(4).toString();
}

function wholeOrUnknown(value: number | null): number {
  return value === null || !Number.isFinite(value) || value < 0 ? 0 : Math.min(Math.round(value), MAX_INTEGER);
}
