/**
 * Cosine of two vectors of one length, -1 to 1; 0 when either is all zeros. Each is divided by its largest magnitude first,
 * so that no length over- or underflows.
 */
export function cosine(a: readonly number[], b: readonly number[]): number {
  const largestA = largestOf(a);
  const largestB = largestOf(b);
  if (largestA === 0 || largestB === 0) return 0;
  let dot = 0;
  let squareA = 0;
  let squareB = 0;
  for (const [index, value] of a.entries()) {
    const x = value / largestA;
    const y = (b[index] ?? 0) / largestB;
    dot += x * y;
    squareA += x * x;
    squareB += y * y;
  }
  return Math.max(-1, Math.min(1, dot / (Math.sqrt(squareA) * Math.sqrt(squareB))));
}

const largestOf = (vector: readonly number[]): number =>
  vector.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
