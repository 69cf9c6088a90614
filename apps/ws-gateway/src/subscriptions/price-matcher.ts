import type { PriceFilters, RegionFilter } from './price-filters';
import type { PriceSubject } from './price-subject';

export type PriceMatcher = (subject: PriceSubject) => boolean;

/** A socket that has not subscribed gets everything. The one function, so that such sockets can share their bytes. */
export const EVERYTHING: PriceMatcher = () => true;

/** One predicate for all filters. */
export function priceMatcher(filters: PriceFilters): PriceMatcher {
  const tests = [...textTests(filters), ...priceTests(filters)];
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
