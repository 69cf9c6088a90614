import type { CatalogueOffer, CatalogueProvider } from '../../src/catalog/catalogue-offer';
import type { OfferFacts } from '../../src/catalog/offer-facts';
import type { CostedOffer, GpuRate, UnitCosts } from '../../src/catalog/unit-costs';

/** A catalogue offer with whatever a test cares about. */
export function anOffer(changes: Partial<CatalogueOffer> = {}): CatalogueOffer {
  return {
    id: '00000000-0000-4000-8000-000000000001',
    providerId: 'p1',
    externalId: 'e1',
    gpuType: 'H100-SXM',
    gpuFamily: 'H100',
    gpuCount: 1,
    gpuMemoryGb: 80,
    cpuCores: 16,
    ramGb: 128,
    storageGb: null,
    pricePerHour: 2.5,
    pricePerNodeHour: 2.5,
    currency: 'USD',
    pricing: 'on_demand',
    region: 'us-utah',
    macroRegion: 'us',
    availability: 'available',
    complianceTags: ['soc2'],
    source: 'live',
    lastSeenAt: 1_000,
    priceChangedAt: null,
    vanished: false,
    listed: true,
    ...changes,
  };
}

/** One that math-core has said nothing about. */
export function aCostedOffer(changes: Partial<CatalogueOffer> = {}, costs: Partial<UnitCosts> = {}): CostedOffer {
  return { offer: anOffer(changes), costs: { costPerToken: null, costPerGflop: null, ...costs } };
}

/** What math-core says of an H100. */
export function aRate(changes: Partial<GpuRate> = {}): GpuRate {
  return {
    gpuType: 'H100-SXM',
    gpuModel: 'H100-SXM',
    tokensPerSecond: 100,
    gflops: 1_000_000,
    reason: null,
    assumptions: {
      model: 'llama-2-7b',
      precision: 'fp16',
      engine: 'llama.cpp',
      batch: 1,
      input_tokens: 128,
      output_tokens: 512,
    },
    ...changes,
  };
}

export function aProvider(changes: Partial<CatalogueProvider> = {}): CatalogueProvider {
  return {
    id: 'p1',
    slug: 'vastai',
    displayName: 'Vast.ai',
    status: 'active',
    source: 'live',
    reliabilityScore: 0.9,
    lastGoodSyncAt: 2_000,
    syncIntervalSeconds: 300,
    ...changes,
  };
}

/** All that is known of an offer, with whatever a test cares about. */
export function facts(changes: Partial<OfferFacts> = {}): OfferFacts {
  return {
    offer: anOffer(),
    provider: aProvider(),
    upstreamGpuName: null,
    gpuMatch: null,
    availabilityKnown: true,
    attributes: {},
    vanishedAt: null,
    availabilityChangedAt: null,
    held: null,
    costs: { rate: undefined, mathCore: 'off' },
    ...changes,
  };
}
