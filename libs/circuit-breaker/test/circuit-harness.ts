import { CircuitBreaker, isCircuitOpenError, isTimeoutError, type CircuitRule } from '@gpubroker/circuit-breaker';
import { CircuitSpecification, type Verdict } from './circuit-specification';

export type Ending = 'success' | 'failure' | 'uncounted error' | 'caller abort';

export type Step =
  | { readonly step: 'begin'; readonly timeoutMs: number | null }
  | { readonly step: 'end'; readonly which: number; readonly ending: Ending }
  | { readonly step: 'run'; readonly times: number; readonly gapMs: number; readonly ending: Ending }
  | { readonly step: 'wait'; readonly ms: number };

const VERDICTS: Record<Ending, Verdict> = {
  success: 'success',
  failure: 'failure',
  'uncounted error': 'success',
  'caller abort': 'nothing',
};

const setRealImmediate = setImmediate;

interface RunningCall {
  readonly resolve: (value: Ending) => void;
  readonly reject: (error: Error) => void;
  readonly caller: AbortController;
}

/** Does every step to a real breaker and to the specification; seen and expected must stay equal. Needs fake timers. */
export class CircuitHarness {
  readonly seen = { outcomes: [] as string[], transitions: [] as string[] };
  readonly expectedOutcomes: string[] = [];
  readonly specification: CircuitSpecification;
  readonly breaker: CircuitBreaker;
  now = 0;
  /** By the specification's call number. */
  private readonly running = new Map<number, RunningCall>();

  constructor(rule: CircuitRule) {
    this.specification = new CircuitSpecification(rule);
    this.breaker = new CircuitBreaker({
      name: 'peer',
      rule,
      clock: { now: () => this.now },
      isFailure: (error) => error instanceof Error && error.message === 'failure',
    });
    this.breaker.onTransition(({ from, to, at }) => this.seen.transitions.push(`${from} → ${to} at ${at}`));
  }

  get expectedTransitions(): string[] {
    const { periods } = this.specification;
    return periods.slice(1).map(({ kind, since }, i) => `${periods[i]!.kind} → ${kind} at ${since}`);
  }

  async take(step: Step): Promise<void> {
    switch (step.step) {
      case 'begin':
        this.begin(step.timeoutMs);
        break;
      case 'end':
        this.end([...this.running.keys()][step.which % Math.max(1, this.running.size)], step.ending);
        break;
      case 'run':
        for (let i = 0; i < step.times; i += 1) {
          if (i > 0) await this.wait(step.gapMs);
          this.end(this.begin(null), step.ending);
          await settled();
        }
        break;
      case 'wait':
        await this.wait(step.ms);
        break;
    }
    await settled();
  }

  private begin(timeoutMs: number | null): number | undefined {
    const number = this.seen.outcomes.push('running') - 1;
    const caller = new AbortController();
    let running: RunningCall | undefined;
    const call = (): Promise<Ending> =>
      new Promise((resolve, reject) => {
        running = { resolve, reject, caller };
      });
    const options = timeoutMs === null ? { signal: caller.signal } : { signal: caller.signal, timeoutMs };
    void this.breaker.execute(call, options).then(
      (value) => (this.seen.outcomes[number] = value),
      (error: unknown) => (this.seen.outcomes[number] = describe(error)),
    );
    const admission = this.specification.begin(this.now, timeoutMs);
    if ('retryAfterMs' in admission) {
      this.expectedOutcomes.push(`refused for ${admission.retryAfterMs}`);
      return undefined;
    }
    this.expectedOutcomes.push('running');
    this.outcomeIndex.set(admission.call, number);
    if (running !== undefined) this.running.set(admission.call, running);
    return admission.call;
  }

  private readonly outcomeIndex = new Map<number, number>();

  private end(call: number | undefined, ending: Ending): void {
    const running = call === undefined ? undefined : this.running.get(call);
    if (call === undefined || running === undefined) return;
    if (ending === 'success') running.resolve(ending);
    else if (ending === 'caller abort') running.caller.abort(new Error(ending));
    else running.reject(new Error(ending));
    this.finish(call, ending, VERDICTS[ending]);
  }

  private async wait(ms: number): Promise<void> {
    const until = this.now + ms;
    for (const { call, deadline } of this.specification.timeOutsUntil(until)) {
      await this.moveTo(deadline);
      this.finish(call, 'time-out', 'failure');
    }
    await this.moveTo(until);
  }

  private async moveTo(time: number): Promise<void> {
    const ms = time - this.now;
    this.now = time;
    jest.advanceTimersByTime(ms);
    await settled();
  }

  private finish(call: number, outcome: string, verdict: Verdict): void {
    this.specification.end(call, this.now, verdict);
    this.running.delete(call);
    this.expectedOutcomes[this.outcomeIndex.get(call)!] = outcome;
  }
}

/** Lets every promise that can settle do so; a fake-timer flush would be ten times slower. */
function settled(): Promise<void> {
  return new Promise((resolve) => setRealImmediate(resolve));
}

function describe(error: unknown): string {
  if (isCircuitOpenError(error)) return `refused for ${error.retryAfterMs}`;
  if (isTimeoutError(error)) return 'time-out';
  return error instanceof Error ? error.message : String(error);
}
