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
  return replaceAt(body, shape.path, (row, index) =>
    index % 2 === 1 && isObject(row) ? broken(row, (index - 1) / 2, shape) : row,
  );
}

function broken(row: Row, turn: number, shape: RowShape): Row {
  const { within } = shape;
  const inner = within === undefined ? row : row[within];
  if (!isObject(inner)) return row;
  const spoilt = BREAKAGES[turn % BREAKAGES.length]?.(inner, shape) ?? inner;
  return within === undefined ? spoilt : { ...row, [within]: spoilt };
}

/** Rows stand in an array, or in an object under their names. */
function replaceAt(value: unknown, path: readonly string[], change: (row: unknown, index: number) => unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined)
    return Array.isArray(value) ? value.map(change) : isObject(value) ? changedValues(value, change) : value;
  if (!isObject(value) || !(name in value)) return value;
  return { ...value, [name]: replaceAt(value[name], rest, change) };
}

function changedValues(rows: Row, change: (row: unknown, index: number) => unknown): Row {
  return Object.fromEntries(Object.entries(rows).map(([name, row], index) => [name, change(row, index)]));
}

function membersOf(names: readonly string[], value: (name: string) => unknown): Row {
  return Object.fromEntries(names.map((name) => [name, value(name)]));
}

function isObject(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
