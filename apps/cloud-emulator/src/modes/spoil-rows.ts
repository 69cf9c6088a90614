import type { RowShape } from '../clouds/emulated-cloud';

type Row = Record<string, unknown>;

/** Ways in which rows of real upstreams have been broken. */
const BREAKAGES: readonly ((row: Row, shape: RowShape) => Row)[] = [
  (row, { numbers }) => ({ ...row, ...membersOf(numbers, (name) => String(row[name])) }),
  (row, { numbers }) => ({ ...row, ...membersOf(numbers, () => null) }),
  (row, { numbers }) => ({ ...row, [numbers[0]]: -1 }),
  (row, { numbers }) => ({ ...row, [numbers[0]]: 'NaN' }),
  (row, { id }) => Object.fromEntries(Object.entries(row).filter(([name]) => name !== id)),
];

/** The same body with every second row broken, each in the next way; a body without rows stays as it is. */
export function spoilRows(body: unknown, shape: RowShape): unknown {
  return replaceAt(body, shape.path, (rows) =>
    rows.map((row, index) => (index % 2 === 1 && isObject(row) ? broken(row, (index - 1) / 2, shape) : row)),
  );
}

function broken(row: Row, turn: number, shape: RowShape): Row {
  return BREAKAGES[turn % BREAKAGES.length]?.(row, shape) ?? row;
}

function replaceAt(value: unknown, path: readonly string[], change: (rows: unknown[]) => unknown[]): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return Array.isArray(value) ? change(value) : value;
  if (!isObject(value) || !(name in value)) return value;
  return { ...value, [name]: replaceAt(value[name], rest, change) };
}

function membersOf(names: readonly string[], value: (name: string) => unknown): Row {
  return Object.fromEntries(names.map((name) => [name, value(name)]));
}

function isObject(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
