import type { CatalogueOffer, CatalogueProvider } from './catalogue-offer';
import type { OfferFilters, RegionFilter } from './offer-query';

type Test = (offer: CatalogueOffer) => boolean;

/**
 * Turns filters into one predicate. A value that is not known (null) matches no filter on it.
 * @param textMatches ids that match `q`, found by the database's full text search
 */
export function offerMatcher(
  filters: OfferFilters,
  providers: ReadonlyMap<string, CatalogueProvider>,
  textMatches: ReadonlySet<string> | null,
): Test {
  const tests: Test[] = [];
  const { gpuType, region, provider, availability, complianceTags, pricing, gpuCount } = filters;
  if (gpuType !== undefined) tests.push((offer) => offer.gpuType.toLowerCase().includes(gpuType));
  if (region !== undefined) tests.push(regionTest(region));
  if (provider !== undefined) {
    const id = [...providers.values()].find(({ slug }) => slug === provider)?.id;
    tests.push((offer) => offer.providerId === id);
  }
  if (availability !== undefined) tests.push((offer) => offer.availability === availability);
  if (complianceTags !== undefined)
    tests.push((offer) => complianceTags.every((tag) => offer.complianceTags.includes(tag)));
  if (pricing !== undefined) tests.push((offer) => offer.pricing === pricing);
  if (gpuCount !== undefined) tests.push((offer) => offer.gpuCount === gpuCount);
  tests.push(...rangeTests(filters));
  if (textMatches !== null) tests.push((offer) => textMatches.has(offer.id));
  return (offer) => offer.listed && tests.every((test) => test(offer));
}

function regionTest(region: RegionFilter): Test {
  switch (region.kind) {
    case 'macro':
      return (offer) => offer.macroRegion === region.macro;
    case 'prefix':
      return (offer) => offer.region.toLowerCase().startsWith(region.prefix);
    case 'code':
      return (offer) => offer.region.toLowerCase() === region.code;
  }
}

function rangeTests({ gpuMemoryMin, gpuMemoryMax, gpuMemory, priceMin, priceMax }: OfferFilters): Test[] {
  const tests: Test[] = [];
  const memory =
    (holds: (gb: number) => boolean): Test =>
    (offer) =>
      offer.gpuMemoryGb !== null && holds(offer.gpuMemoryGb);
  if (gpuMemoryMin !== undefined) tests.push(memory((gb) => gb >= gpuMemoryMin));
  if (gpuMemoryMax !== undefined) tests.push(memory((gb) => gb <= gpuMemoryMax));
  if (gpuMemory !== undefined) tests.push(memory((gb) => gb === gpuMemory));
  if (priceMin !== undefined) tests.push((offer) => offer.pricePerHour >= priceMin);
  if (priceMax !== undefined) tests.push((offer) => offer.pricePerHour <= priceMax);
  return tests;
}
