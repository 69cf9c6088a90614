import fc from 'fast-check';
import { decideRetry, DEFAULT_RETRY, type RetryDecision } from './retry-decision';

const policy = { attempts: 3, baseDelayMs: 100, maxDelayMs: 1_000, giveUpAfterMs: 5_000, handlerTimeoutMs: 1_000 };

describe('decideRetry', () => {
  it.each<[string, Parameters<typeof decideRetry>[0], number, number, RetryDecision]>([
    ['waits the base delay after the first failure', 'transient', 1, 0, { kind: 'retry', afterMs: 100 }],
    ['doubles the delay', 'transient', 2, 200, { kind: 'retry', afterMs: 200 }],
    ['puts aside after the last try', 'transient', 3, 400, { kind: 'dead_letter' }],
    ['puts aside when time is up', 'transient', 2, 4_900, { kind: 'dead_letter' }],
    ['puts a refused event aside at once', 'permanent', 1, 0, { kind: 'dead_letter' }],
    ['never gives up on a missing dependency', 'unavailable', 10_000, 1e9, { kind: 'retry', afterMs: 1_000 }],
  ])('%s', (_what, failure, attempt, elapsedMs, decision) => {
    expect(decideRetry(failure, attempt, elapsedMs, policy)).toEqual(decision);
  });

  it('ends for every failing event within the time limit, whatever its handler does', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 15_000 }), { minLength: 10, maxLength: 10 }), (durations) => {
        let elapsed = 0;
        for (const [index, duration] of durations.entries()) {
          elapsed += duration;
          const decision = decideRetry('transient', index + 1, elapsed, DEFAULT_RETRY);
          if (decision.kind === 'dead_letter')
            return elapsed <= DEFAULT_RETRY.giveUpAfterMs + DEFAULT_RETRY.handlerTimeoutMs;
          elapsed += decision.afterMs;
        }
        return false;
      }),
    );
  });
});
