import type { TopsisResult } from './topsis';

/** Numbers that are written at once. */
const CHUNK = 2_000;

/** The answer as JSON text, in chunks: of hundreds of thousands of alternatives it is some megabytes. */
export function* topsisAnswerText({ rankings, scores, ideal, antiIdeal }: TopsisResult): Generator<string> {
  yield '{"rankings":';
  yield* listText(rankings);
  yield ',"scores":';
  yield* listText(scores);
  yield ',"ideal_solution":';
  yield* listText(ideal);
  yield ',"anti_ideal_solution":';
  yield* listText(antiIdeal);
  yield '}';
}

/** Finite numbers as JSON writes them. */
function* listText(values: Float64Array | Uint32Array): Generator<string> {
  yield '[';
  for (let from = 0; from < values.length; from += CHUNK)
    yield `${from === 0 ? '' : ','}${values.subarray(from, from + CHUNK).join(',')}`;
  yield ']';
}
