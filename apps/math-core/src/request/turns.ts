import { setImmediate as nextTurn } from 'node:timers/promises';

/** Longest that a long loop keeps the event loop to itself before others get their turn. */
const TURN_MS = 10;
/** Reading the clock costs as much as some rows do. */
const ROWS_BETWEEN_LOOKS = 256;

/** For loops over large bodies: `if (turns.isOver()) await turns.next();` once per row. */
export class Turns {
  private until = performance.now() + TURN_MS;
  private rows = 0;

  constructor(private readonly rowsBetweenLooks = ROWS_BETWEEN_LOOKS) {}

  isOver(): boolean {
    this.rows += 1;
    return this.rows % this.rowsBetweenLooks === 0 && performance.now() >= this.until;
  }

  async next(): Promise<void> {
    await nextTurn();
    this.until = performance.now() + TURN_MS;
  }
}

/** Work that may be left after every yield, and be taken up again. */
export type Steps<Result> = Generator<undefined, Result>;

export function stepsAtOnce<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** Others get their turn between two steps. */
export async function stepsInTurns<Result>(steps: Steps<Result>): Promise<Result> {
  const turns = new Turns(1);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    if (turns.isOver()) await turns.next();
  }
}

/** As `values.map(of)`, but others get their turn meanwhile. */
export async function mapInTurns<From, To>(
  values: readonly From[],
  of: (value: From, index: number) => To,
): Promise<To[]> {
  const turns = new Turns();
  const mapped: To[] = [];
  for (const [index, value] of values.entries()) {
    mapped.push(of(value, index));
    if (turns.isOver()) await turns.next();
  }
  return mapped;
}

/** The same values, but others get their turn in between: a stream that is read as fast as it comes never lets them. */
export async function* eachInTurns<Value>(values: Iterable<Value>): AsyncGenerator<Value> {
  const turns = new Turns(1);
  for (const value of values) {
    yield value;
    if (turns.isOver()) await turns.next();
  }
}
