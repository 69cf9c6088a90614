export { CACHE, type Cache } from './cache';
export { MemoryCache } from './memory.cache';
