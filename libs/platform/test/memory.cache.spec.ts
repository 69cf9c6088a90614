import { MemoryCache } from '@gpubroker/platform/cache';
import { cacheConformance } from './cache.conformance';

describe('the cache in memory', () => {
  cacheConformance(() => new MemoryCache());
});
