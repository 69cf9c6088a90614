import type { OfferFacts } from './offer-book';
import type { PriceFilters, RegionFilter } from './price-filters';
import type { PriceSubject } from './price-subject';

export type PriceMatcher = (subject: PriceSubject) => boolean;

/** A socket that has not subscribed gets everything. The one function, so that such sockets can share their bytes. */
export const EVERYTHING: PriceMatcher = () => true;

/** What is known of an offer; undefined: nothing yet. */
export type FactsOf = (offerId: string) => OfferFacts | undefined;

/** One predicate for all filters. */
export function priceMatcher(filters: PriceFilters, factsOf: FactsOf): PriceMatcher {
  const tests = [...textTests(filters), ...priceTests(filters), ...factsTest(filters, factsOf)];
  return tests.length === 0 ? EVERYTHING : (subject) => tests.every((test) => test(subject));
}

function textTests({ gpuType, region, provider, availability }: PriceFilters): PriceMatcher[] {
  const tests: PriceMatcher[] = [];
  if (gpuType !== undefined) tests.push((subject) => subject.gpuType.includes(gpuType));
  if (region !== undefined) tests.push(regionTest(region));
  if (provider !== undefined) tests.push((subject) => subject.provider === provider);
  if (availability !== undefined) tests.push((subject) => subject.availability === availability);
  return tests;
}

function regionTest(region: RegionFilter): PriceMatcher {
  switch (region.kind) {
    case 'macro':
      return (subject) => subject.macroRegion === region.macro;
    case 'prefix':
      return (subject) => subject.region.startsWith(region.prefix);
    case 'code':
      return (subject) => subject.region === region.code;
  }
}

function priceTests({ priceMin, priceMax }: PriceFilters): PriceMatcher[] {
  const tests: PriceMatcher[] = [];
  if (priceMin !== undefined) tests.push((subject) => subject.price >= priceMin);
  if (priceMax !== undefined) tests.push((subject) => subject.price <= priceMax);
  return tests;
}

/** Whether the filters ask for what a price change does not carry. */
export const asksForFacts = (filters: PriceFilters): boolean => factTests(filters).length > 0;

/**
 * Facts are looked up when they are asked for, not when the change came: a replay knows more than its events' time did. An offer
 * of which nothing is known yet passes: a change that was left out would never come again.
 */
function factsTest(filters: PriceFilters, factsOf: FactsOf): PriceMatcher[] {
  const tests = factTests(filters);
  if (tests.length === 0) return [];
  return [
    ({ offerId }) => {
      const facts = factsOf(offerId);
      return facts === undefined || tests.every((test) => test(facts));
    },
  ];
}

/** As in the list, what a cloud does not say matches nothing. */
function factTests({ gpuMemory, gpuCount, pricing, complianceTags }: PriceFilters): ((facts: OfferFacts) => boolean)[] {
  const tests: ((facts: OfferFacts) => boolean)[] = [];
  if (gpuMemory !== undefined)
    tests.push(({ gpuMemoryGb: gb }) => gb !== null && gb >= gpuMemory.least && gb <= gpuMemory.most);
  if (gpuCount !== undefined) tests.push((facts) => facts.gpuCount === gpuCount);
  if (pricing !== undefined) tests.push((facts) => facts.pricing === pricing);
  if (complianceTags !== undefined)
    tests.push((facts) => complianceTags.every((tag) => facts.complianceTags.includes(tag)));
  return tests;
}
