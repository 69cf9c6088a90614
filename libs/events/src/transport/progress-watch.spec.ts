import { ProgressWatch } from './progress-watch';

describe('ProgressWatch', () => {
  let time = 0;
  let watch: ProgressWatch;
  const at = (ms: number): void => {
    time = ms;
  };

  beforeEach(() => {
    at(0);
    watch = new ProgressWatch(1_000, () => time);
  });

  it('is not stalled when there is nothing to do', () => {
    watch.observe('t@5', 0);
    at(100_000);
    expect(watch.stalled).toBe(false);
  });

  it('is stalled when there is work and the position has not moved', () => {
    watch.observe('t@5', 3);
    at(999);
    expect(watch.stalled).toBe(false);
    at(1_000);
    expect(watch.stalled).toBe(true);
    expect(watch.currentLag).toBe(3);
  });

  it('recovers when the position moves', () => {
    watch.observe('t@5', 3);
    at(5_000);
    watch.observe('t@6', 2);
    expect(watch.stalled).toBe(false);
  });

  it('counts from when the work came, not from the last event', () => {
    watch.observe('t@5', 0);
    at(10_000);
    watch.observe('t@5', 0);
    at(10_500);
    watch.observe('t@5', 1);
    expect(watch.stalled).toBe(false);
    at(11_000);
    expect(watch.stalled).toBe(true);
  });

  it('does not blame the time in which another member had the work', () => {
    watch.observe('t@5', 3);
    at(5_000);
    watch.reset();
    expect(watch.stalled).toBe(false);
  });
});
