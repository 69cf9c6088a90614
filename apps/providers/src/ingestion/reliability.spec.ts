import fc from 'fast-check';
import { reliabilityScore, type ObservedSync } from './reliability';

const good: ObservedSync = { ok: true, latencyMs: 500, before: 100, vanished: 0, offered: 100, confirmed: 100 };
const bad: ObservedSync = { ok: false, latencyMs: 10_000, before: 0, vanished: 0, offered: null, confirmed: null };

describe('reliability from observed syncs', () => {
  it('claims nothing before the first', () => {
    expect(reliabilityScore([])).toBeNull();
  });

  it('is 1 for quick syncs that lose nothing and 0 for none that worked', () => {
    expect(reliabilityScore([good, good])).toBe(1);
    expect(reliabilityScore([bad])).toBe(0);
  });

  it('weighs success, stability, truth and speed as documented', () => {
    expect(reliabilityScore([good, bad])).toBeCloseTo(0.55 * 0.5 + 0.15 + 0.15 + 0.15, 4);
    expect(reliabilityScore([{ ...good, vanished: 20 }])).toBeCloseTo(0.55 + 0.15 * 0.8 + 0.15 + 0.15, 4);
    expect(reliabilityScore([{ ...good, confirmed: 40 }])).toBeCloseTo(0.55 + 0.15 + 0.15 * 0.4 + 0.15, 4);
    expect(reliabilityScore([{ ...good, latencyMs: 30_000 }])).toBeCloseTo(0.85, 4);
    expect(reliabilityScore([{ ...good, before: 0 }])).toBe(1);
  });

  it('leaves truth out while nothing could be confirmed yet', () => {
    const first = { ...good, before: 0, offered: 0, confirmed: 0 };
    expect(reliabilityScore([first])).toBe(1);
    expect(reliabilityScore([first, bad])).toBeCloseTo((0.55 * 0.5 + 0.15 + 0.15) / 0.85, 4);
  });

  it('never leaves 0 to 1 and never rises with another failure', () => {
    const sync = fc.record({
      ok: fc.boolean(),
      latencyMs: fc.nat(100_000),
      before: fc.nat(1_000),
      vanished: fc.nat(2_000),
      offered: fc.option(fc.nat(1_000)),
      confirmed: fc.constant(0),
    });
    fc.assert(
      fc.property(fc.array(sync, { minLength: 1 }), (syncs) => {
        const score = reliabilityScore(syncs) ?? -1;
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
        expect(reliabilityScore([...syncs, bad])).toBeLessThanOrEqual(score);
      }),
    );
  });
});
