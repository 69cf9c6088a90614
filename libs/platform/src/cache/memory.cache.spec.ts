import fc from 'fast-check';
import { MemoryCache } from './memory.cache';

describe('MemoryCache', () => {
  it('never grows over its bytes, whatever is set', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.string(), fc.string({ maxLength: 400 })), { maxLength: 60 }),
        async (entries) => {
          const cache = new MemoryCache(2_000);
          for (const [key, value] of entries) await cache.set(key, value, 60);
          const kept = await Promise.all(
            [...new Set(entries.map(([key]) => key))].map(async (key) => [key, await cache.get(key)] as const),
          );
          const bytes = kept.reduce(
            (sum, [key, value]) => sum + (value === null ? 0 : (key.length + value.length) * 2),
            0,
          );
          expect(bytes).toBeLessThanOrEqual(2_000);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('does not keep what is larger than all of it, and keeps the rest', async () => {
    const cache = new MemoryCache(1_000);
    await cache.set('small', 'x', 60);
    await cache.set('big', 'x'.repeat(1_000), 60);
    expect(await cache.get('big')).toBeNull();
    expect(await cache.get('small')).toBe('x');
  });

  it('lets the longest unused go first', async () => {
    const cache = new MemoryCache(1_000);
    for (const key of ['a', 'b', 'c']) await cache.set(key, 'x'.repeat(150), 60);
    await cache.get('a');
    await cache.set('d', 'x'.repeat(150), 60);
    expect(await cache.get('a')).not.toBeNull();
    expect(await cache.get('b')).toBeNull();
  });
});
