import { CLOUDS } from './cloud-registry';
import { microUsd } from '../market/money';

const clouds = CLOUDS.map((create) => create({ seed: 1, speed: 1, now: Date.now }));
const reference = clouds.flatMap((cloud) => cloud.reference);

describe('the reference list', () => {
  it('names the source and the day of every price', () => {
    for (const { source } of reference) {
      expect(source.text.length).toBeGreaterThan(10);
      expect(new Date(`${source.date}T00:00:00Z`).toISOString().slice(0, 10)).toBe(source.date);
    }
  });

  it('holds a price above zero, a size and a place for every entry', () => {
    for (const entry of reference) {
      expect(microUsd(entry.listPrice)).toBeGreaterThan(0);
      expect(entry.gpuCounts.every((count) => count > 0)).toBe(true);
      expect(entry.regions.length).toBeGreaterThan(0);
      expect(entry.model).toMatch(/^[A-Z0-9-]+$/);
    }
  });

  it('names each entry once per cloud', () => {
    expect(new Set(reference.map(({ cloud, key }) => `${cloud}/${key}`)).size).toBe(reference.length);
  });

  it('says which cloud an entry is of', () => {
    for (const cloud of clouds) expect(cloud.reference.every((entry) => entry.cloud === cloud.slug)).toBe(true);
  });

  it('covers at least thirty models and three hundred things to rent', () => {
    expect(new Set(reference.map(({ model }) => model)).size).toBeGreaterThanOrEqual(30);
    expect(clouds.flatMap((cloud) => cloud.market.quotes()).length).toBeGreaterThanOrEqual(300);
  });
});
