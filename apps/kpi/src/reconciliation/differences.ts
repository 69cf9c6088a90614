/** One number, or one word, that is not what it has to be. */
export interface Difference {
  /** Where it stands in the answers, for example `gpus.H100.avg_price_per_hour`. */
  readonly path: string;
  readonly expected: unknown;
  readonly found: unknown;
}

/** One unit of the last decimal that is shown: two exact roundings of one half may fall to either side. */
const TOLERANCE = 0.000_100_000_1;

/** Everything that `expected` names and `found` has otherwise. What `found` has beyond that is not looked at. */
export function differences(expected: unknown, found: unknown, path = ''): readonly Difference[] {
  if (typeof expected === 'number' && typeof found === 'number' && isSame(expected, found)) return [];
  if (Array.isArray(expected) && Array.isArray(found)) {
    const length =
      expected.length === found.length
        ? []
        : [{ path: `${path}.length`, expected: expected.length, found: found.length }];
    return [...length, ...expected.flatMap((item, at) => differences(item, found[at], `${path}[${at}]`))];
  }
  if (isObject(expected) && isObject(found)) {
    return Object.entries(expected).flatMap(([name, value]) =>
      differences(value, found[name], path === '' ? name : `${path}.${name}`),
    );
  }
  return expected === found ? [] : [{ path, expected, found }];
}

/** Counts have to be equal; amounts, shares and deviations are rounded. */
const isSame = (expected: number, found: number): boolean =>
  Number.isInteger(expected) && Number.isInteger(found) ? expected === found : Math.abs(expected - found) <= TOLERANCE;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** How many numbers and words were compared. */
export function leaves(expected: unknown): number {
  if (Array.isArray(expected)) return expected.reduce<number>((total, item) => total + leaves(item), 0);
  if (isObject(expected)) return Object.values(expected).reduce<number>((total, item) => total + leaves(item), 0);
  return 1;
}
