import { Injectable } from '@nestjs/common';
import { ProvidersConfig } from '../providers.config';

const AWAY_WARNING =
  'math-core does not answer: cost_per_token and cost_per_gflop are the last known ones, null where none is';

/** What lists have to know of math-core. It is written by whoever asks math-core, and never asked for a request's sake. */
@Injectable()
export class MathCoreState {
  readonly isOn: boolean;
  private away = false;

  constructor({ enrichment }: ProvidersConfig) {
    this.isOn = enrichment !== null;
  }

  /** Whether the last question was left without a usable answer. */
  get isAway(): boolean {
    return this.away;
  }

  get warning(): string | null {
    return this.away ? AWAY_WARNING : null;
  }

  /** @returns true when it was not so before */
  note(state: 'answers' | 'away'): boolean {
    const away = state === 'away';
    const changed = away !== this.away;
    this.away = away;
    return changed;
  }
}
