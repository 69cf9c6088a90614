import { decideUpkeep, type Upkeep, type Vitals } from './upkeep';

const vitals: Vitals = { now: 1_000, heartbeatAt: 2_000, awaitsPong: false, stuckSince: null, stallMs: 500 };

it.each<[string, Partial<Vitals>, Upkeep]>([
  ['is left alone between heartbeats', {}, { kind: 'nothing' }],
  ['is left alone while its pong may still come', { awaitsPong: true }, { kind: 'nothing' }],
  ['gets a heartbeat when it is time', { now: 2_000 }, { kind: 'heartbeat' }],
  ['is cut when the last ping was not answered', { now: 2_000, awaitsPong: true }, { kind: 'cut', reason: 'no_pong' }],
  ['may be slow for a while', { stuckSince: 501 }, { kind: 'nothing' }],
  ['is cut when it takes nothing for too long', { stuckSince: 500 }, { kind: 'cut', reason: 'stalled' }],
])('a socket %s', (_what, change, expected) => {
  expect(decideUpkeep({ ...vitals, ...change })).toEqual(expected);
});
