import { DEFAULT_CIRCUIT_RULE, type CircuitRule } from '@gpubroker/circuit-breaker';
import fc from 'fast-check';
import { CircuitHarness, type Ending, type Step } from './circuit-harness';

const SEQUENCES = 10_000;

const ending: fc.Arbitrary<Ending> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Ending>('failure') },
  { weight: 4, arbitrary: fc.constant<Ending>('success') },
  { weight: 1, arbitrary: fc.constant<Ending>('uncounted error') },
  { weight: 1, arbitrary: fc.constant<Ending>('caller abort') },
);

/** Waits crowd round the edges of the rule, where an off-by-one shows. */
const waitMs = fc.oneof(
  fc.integer({ min: 0, max: 20_000 }),
  fc.constantFrom(1, 7_500, 29_999, 30_000, 30_001, 59_999, 60_000, 60_001),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ step: fc.constant('begin' as const), timeoutMs: fc.constantFrom(null, 1_000, 70_000) }),
  },
  { weight: 5, arbitrary: fc.record({ step: fc.constant('end' as const), which: fc.nat(20), ending }) },
  {
    weight: 3,
    arbitrary: fc.record({
      step: fc.constant('run' as const),
      times: fc.integer({ min: 2, max: 6 }),
      gapMs: fc.constantFrom(0, 0, 1, 7_500, 7_501),
      ending,
    }),
  },
  { weight: 4, arbitrary: fc.record({ step: fc.constant('wait' as const), ms: waitMs }) },
);

const rule: fc.Arbitrary<CircuitRule> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(DEFAULT_CIRCUIT_RULE) },
  {
    weight: 1,
    arbitrary: fc.record({
      failures: fc.integer({ min: 1, max: 6 }),
      withinMs: fc.constantFrom(1, 7_500, 30_000),
      openForMs: fc.constantFrom(1, 1_000, 60_000),
      trials: fc.integer({ min: 1, max: 4 }),
    }),
  },
);

beforeAll(() => jest.useFakeTimers());
afterAll(() => jest.useRealTimers());

it(`does what the specification says in ${SEQUENCES} random sequences`, async () => {
  const transitionsMet = new Map<string, number>();
  const outcomesMet = new Map<string, number>();

  await fc.assert(
    fc.asyncProperty(rule, fc.array(step, { minLength: 1, maxLength: 40, size: 'max' }), async (rule, steps) => {
      jest.clearAllTimers();
      const harness = new CircuitHarness(rule);
      for (const step of steps) {
        await harness.take(step);
        expect(harness.breaker.state).toEqual(harness.specification.stateAt(harness.now));
      }
      expect(harness.seen.outcomes).toEqual(harness.expectedOutcomes);
      expect(harness.seen.transitions).toEqual(harness.expectedTransitions);

      for (const text of harness.seen.transitions) count(transitionsMet, text.replace(/ at .*/, ''));
      for (const text of harness.seen.outcomes) count(outcomesMet, text.replace(/ for .*/, ''));
    }),
    { numRuns: SEQUENCES },
  );

  // Sequences that never reach a state prove nothing about it.
  const often = (met: Map<string, number>) =>
    [...met].filter(([, times]) => times >= SEQUENCES / 10).map(([text]) => text);
  expect(often(transitionsMet).sort()).toEqual([
    'closed → open',
    'half_open → closed',
    'half_open → open',
    'open → half_open',
  ]);
  expect(often(outcomesMet).sort()).toEqual(
    ['caller abort', 'failure', 'refused', 'running', 'success', 'time-out', 'uncounted error'].sort(),
  );
}, 120_000);

function count(met: Map<string, number>, text: string): void {
  met.set(text, (met.get(text) ?? 0) + 1);
}
