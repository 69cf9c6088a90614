import { setTimeout as sleep } from 'node:timers/promises';
import type { Cache } from '@gpubroker/platform/cache';

/** What every filling of Cache has to keep. `make` gives an empty one. */
export function cacheConformance(make: () => Cache | Promise<Cache>): void {
  it('gives back what was set, until its time is over', async () => {
    const cache = await make();
    await cache.set('a', 'kept', 0.3);
    expect(await cache.get('a')).toBe('kept');
    await sleep(400);
    expect(await cache.get('a')).toBeNull();
  });

  it('knows nothing of what was never set', async () => {
    expect(await (await make()).get('never')).toBeNull();
  });

  it('keeps texts as they are, empty ones too', async () => {
    const cache = await make();
    for (const text of ['', '{"a":"€ 🙂"}', 'x'.repeat(200_000)]) {
      await cache.set('a', text, 60);
      expect(await cache.get('a')).toBe(text);
    }
  });

  it.each([0, -1, Number.NaN])('keeps nothing for %d seconds', async (seconds) => {
    const cache = await make();
    await cache.set('a', 'old', 60);
    await cache.set('a', 'new', seconds);
    expect(await cache.get('a')).toBeNull();
  });

  it('drops every key with a prefix and no other, whatever its letters mean elsewhere', async () => {
    const cache = await make();
    const keys = ['offers:1', 'offers:2', 'kpi:1', 'a*b:1', 'axb:1', 'a[x]:1', 'ax:1', 'a?:1', 'a\\:1'];
    for (const key of keys) await cache.set(key, key, 60);
    for (const prefix of ['offers:', 'a*b:', 'a[x]:', 'a?:', 'a\\:']) await cache.drop(prefix);
    const left = await Promise.all(keys.map((key) => cache.get(key)));
    expect(left.filter((value) => value !== null)).toEqual(['kpi:1', 'axb:1', 'ax:1']);
  });

  it('drops thousands at once, and many drops at once are no trouble', async () => {
    const cache = await make();
    for (let at = 0; at < 3_000; at += 1) await cache.set(`many:${at}`, 'x', 60);
    await Promise.all(Array.from({ length: 20 }, () => cache.drop('many:')));
    for (let at = 0; at < 3_000; at += 1) expect(await cache.get(`many:${at}`)).toBeNull();
  });

  it('is up', async () => {
    expect((await make()).isUp()).toBe(true);
  });
}
