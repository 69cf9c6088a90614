import type { CircuitKind, CircuitRule, CircuitState } from '@gpubroker/circuit-breaker';

export type Verdict = 'success' | 'failure' | 'nothing';

interface Period {
  readonly kind: CircuitKind;
  readonly since: number;
}

interface CallRecord {
  /** Index of the period the call began in. */
  readonly period: number;
  readonly deadline: number | null;
  end: { readonly at: number; readonly verdict: Verdict } | null;
}

/**
 * What a circuit must do, said in the slowest and plainest way: everything that happened is kept, and each answer is
 * counted out of that record. It shares neither code nor counters with the breaker.
 */
export class CircuitSpecification {
  readonly periods: Period[] = [{ kind: 'closed', since: 0 }];
  readonly calls: CallRecord[] = [];

  constructor(private readonly rule: CircuitRule) {}

  stateAt(now: number): CircuitState {
    const period = this.periodAt(now);
    if (period.kind === 'closed') return { kind: 'closed' };
    if (period.kind === 'open') return { kind: 'open', openedAt: period.since };
    return { kind: 'half_open', trialsInFlight: this.running().length, trialSuccesses: this.ended('success').length };
  }

  /** The new call's number, or after how long a refused caller may come back. */
  begin(now: number, timeoutMs: number | null): { readonly call: number } | { readonly retryAfterMs: number } {
    const period = this.periodAt(now);
    if (period.kind === 'open') return { retryAfterMs: period.since + this.rule.openForMs - now };
    const isTrial = period.kind === 'half_open';
    if (isTrial && this.running().length + this.ended('success').length === this.rule.trials)
      return { retryAfterMs: 1_000 };
    const limit = timeoutMs ?? (isTrial ? this.rule.openForMs : null);
    this.calls.push({ period: this.periods.length - 1, deadline: limit === null ? null : now + limit, end: null });
    return { call: this.calls.length - 1 };
  }

  end(call: number, now: number, verdict: Verdict): void {
    const record = this.calls[call]!;
    record.end = { at: now, verdict };
    if (record.period !== this.periods.length - 1) return;
    if (this.mustOpen(now)) this.periods.push({ kind: 'open', since: now });
    else if (this.mustClose()) this.periods.push({ kind: 'closed', since: now });
  }

  /** Running calls that will time out by then, the first first. */
  timeOutsUntil(time: number): { readonly call: number; readonly deadline: number }[] {
    return this.calls
      .flatMap(({ deadline, end }, call) =>
        end === null && deadline !== null && deadline <= time ? [{ call, deadline }] : [],
      )
      .sort((a, b) => a.deadline - b.deadline || a.call - b.call);
  }

  private periodAt(now: number): Period {
    const last = this.periods.at(-1)!;
    if (last.kind === 'open' && now >= last.since + this.rule.openForMs)
      this.periods.push({ kind: 'half_open', since: now });
    return this.periods.at(-1)!;
  }

  private mustOpen(now: number): boolean {
    const failures = this.ended('failure');
    if (this.periods.at(-1)!.kind === 'half_open') return failures.length > 0;
    return failures.filter(({ end }) => end!.at >= now - this.rule.withinMs).length >= this.rule.failures;
  }

  private mustClose(): boolean {
    return this.periods.at(-1)!.kind === 'half_open' && this.ended('success').length === this.rule.trials;
  }

  private ofThisPeriod(): CallRecord[] {
    return this.calls.filter(({ period }) => period === this.periods.length - 1);
  }

  private running(): CallRecord[] {
    return this.ofThisPeriod().filter(({ end }) => end === null);
  }

  private ended(verdict: Verdict): CallRecord[] {
    return this.ofThisPeriod().filter(({ end }) => end?.verdict === verdict);
  }
}
