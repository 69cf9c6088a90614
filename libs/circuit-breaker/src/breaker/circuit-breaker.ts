import { systemClock, type Clock } from '../clock';
import { assertCallLimits, callWithin } from '../policies/call-within';
import { isTimeoutError } from '../policies/timeout.error';
import { CircuitOpenError } from './circuit-open.error';
import { completeRule, type CircuitRule } from './circuit-rule';
import type { CircuitState, CircuitTransition } from './circuit-state';
import { FailureWindowRule, type TripRule } from './failure-window.rule';

/** Nobody knows when running trials end; a refused caller is asked to wait at least this long. */
const RETRY_WHILE_TRIALS_RUN_MS = 1_000;

export interface CircuitBreakerOptions {
  /** Appears in errors, transitions and metrics. */
  readonly name: string;
  readonly rule?: Partial<CircuitRule>;
  readonly clock?: Clock;
  /**
   * Does this error speak against the peer? Default: every error does. An error that does not (a 404, say) is an answer,
   * so it counts as a success. Not asked about a time-out, which always counts, nor about the caller's own abort, which
   * never does.
   */
  readonly isFailure?: (error: unknown) => boolean;
}

export interface ExecuteOptions {
  /** The caller's own wish to stop: ends the call, rejects with its reason, and counts for nothing. */
  readonly signal?: AbortSignal;
  /** After this many ms the call's signal is aborted and the call counts as failed. A trial without one gets openForMs. */
  readonly timeoutMs?: number;
}

type Outcome = 'success' | 'failure' | 'cancelled';

/**
 * Stops calling a peer that fails, and finds out with a few trials when it works again.
 *
 * closed: calls pass; `failures` counted failures within `withinMs` open it. open: calls are refused for `openForMs`.
 * half open: `trials` calls pass and the rest are refused at once; `trials` successes close it, one failure opens it.
 */
export class CircuitBreaker {
  readonly name: string;
  private readonly rule: CircuitRule;
  private readonly tripRule: TripRule;
  private readonly clock: Clock;
  private readonly isFailure: (error: unknown) => boolean;
  private readonly listeners = new Set<(transition: CircuitTransition) => void>();
  private current: CircuitState = { kind: 'closed' };
  /** Grows with each transition. A call that began in an earlier epoch says nothing about the present state. */
  private epoch = 0;

  /** @throws RangeError when the rule holds a number no circuit can work with */
  constructor(options: CircuitBreakerOptions) {
    this.name = options.name;
    this.rule = completeRule(options.rule);
    this.tripRule = new FailureWindowRule(this.rule);
    this.clock = options.clock ?? systemClock;
    this.isFailure = options.isFailure ?? (() => true);
  }

  /** The state at this moment. No timer runs: an open circuit whose time is up turns half open when it is next looked at. */
  get state(): CircuitState {
    if (this.current.kind === 'open') {
      const at = this.clock.now();
      if (at - this.current.openedAt >= this.rule.openForMs) {
        this.become({ kind: 'half_open', trialsInFlight: 0, trialSuccesses: 0 }, at);
      }
    }
    // Read again: a listener of that transition may have begun a trial already.
    return this.current;
  }

  /**
   * Runs the call unless the circuit refuses it. The signal given to the call is aborted by the time-out and by the
   * caller's signal.
   * @throws CircuitOpenError when refused, TimeoutError after timeoutMs, the abort reason of options.signal, RangeError
   * when no timer can hold timeoutMs, or whatever the call threw
   */
  async execute<T>(call: (signal: AbortSignal) => Promise<T>, options: ExecuteOptions = {}): Promise<T> {
    // Checked before a place is taken: a wrong argument or a caller already gone says nothing about the peer.
    assertCallLimits(options);
    const trial = this.admit();
    const { epoch } = this;
    try {
      // A trial that never ended would hold its place for ever, and the circuit with it.
      const timeoutMs = options.timeoutMs ?? (trial ? this.rule.openForMs : undefined);
      const result = await callWithin(call, { timeoutMs, signal: options.signal });
      this.settle(epoch, 'success');
      return result;
    } catch (error) {
      this.settle(epoch, options.signal?.aborted === true ? 'cancelled' : this.judge(error));
      throw error;
    }
  }

  /** Calls the listener after each change of state, in order. Returns the function that takes it off again. */
  onTransition(listener: (transition: CircuitTransition) => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  /** Takes a place for one call, or throws. True: the call is a trial. */
  private admit(): boolean {
    const { state } = this;
    switch (state.kind) {
      case 'closed':
        return false;
      case 'open':
        throw new CircuitOpenError(this.name, state.openedAt + this.rule.openForMs - this.clock.now());
      case 'half_open':
        // Successes keep their place: more trials than the verdict needs would only burden a peer that is coming back.
        if (state.trialsInFlight + state.trialSuccesses >= this.rule.trials) {
          throw new CircuitOpenError(this.name, RETRY_WHILE_TRIALS_RUN_MS);
        }
        this.current = { ...state, trialsInFlight: state.trialsInFlight + 1 };
        return true;
    }
  }

  private judge(error: unknown): Outcome {
    if (isTimeoutError(error)) return 'failure';
    try {
      return this.isFailure(error) ? 'failure' : 'success';
    } catch {
      // The caller must get the call's own error, and a trial its end, even when the classifier breaks on that error.
      return 'failure';
    }
  }

  private settle(epoch: number, outcome: Outcome): void {
    if (epoch !== this.epoch) return;
    const at = this.clock.now();
    if (this.current.kind === 'closed' && outcome === 'failure' && this.tripRule.failure(at)) {
      this.become({ kind: 'open', openedAt: at }, at);
    } else if (this.current.kind === 'half_open') {
      this.settleTrial(this.current.trialsInFlight - 1, this.current.trialSuccesses, outcome, at);
    }
  }

  private settleTrial(trialsInFlight: number, successesBefore: number, outcome: Outcome, at: number): void {
    const trialSuccesses = outcome === 'success' ? successesBefore + 1 : successesBefore;
    if (outcome === 'failure') this.become({ kind: 'open', openedAt: at }, at);
    else if (trialSuccesses >= this.rule.trials) this.become({ kind: 'closed' }, at);
    else this.current = { kind: 'half_open', trialsInFlight, trialSuccesses };
  }

  private become(next: CircuitState, at: number): void {
    const from = this.current.kind;
    this.current = next;
    this.epoch += 1;
    if (next.kind === 'closed') this.tripRule.reset();
    this.announce({ name: this.name, from, to: next.kind, at });
  }

  private announce(transition: CircuitTransition): void {
    for (const listener of this.listeners) {
      try {
        listener(transition);
      } catch (error) {
        // A broken log line must not turn a good answer into an error; the warning keeps it from going unseen.
        process.emitWarning(error instanceof Error ? error : String(error));
      }
    }
  }
}
