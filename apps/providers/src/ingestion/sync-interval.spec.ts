import { jittered, syncInterval } from './sync-interval';

describe('the time between two syncs', () => {
  it('is the configured one for real clouds, whatever the speed', () => {
    expect(syncInterval(300, 'live', 60)).toBe(300);
    expect(syncInterval(300, null, 60)).toBe(300);
  });

  it('shrinks with the speed of the emulated market, never below a second', () => {
    expect(syncInterval(300, 'emulator', 60)).toBe(5);
    expect(syncInterval(300, 'emulator', 10_000)).toBe(1);
  });

  it('is spread by a tenth either way', () => {
    expect([jittered(100, 0), jittered(100, 0.5), jittered(100, 1)].map(Math.round)).toEqual([90, 100, 110]);
  });
});
