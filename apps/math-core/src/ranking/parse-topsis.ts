import { CRITERION_TYPES, type CriterionType } from '@gpubroker/contracts/math';
import { ApiError } from '@gpubroker/platform/errors';
import { Problems, requestObject } from '../request/request-object';
import { Turns } from '../request/turns';
import type { DecisionMatrix } from './topsis';

export interface TopsisRequest {
  readonly matrix: DecisionMatrix;
  readonly weights: readonly number[];
  readonly benefit: readonly boolean[];
}

const isFiniteNumber = Number.isFinite;
const WEIGHT_TOLERANCE = 1e-6;

/**
 * Reads the body of /math/topsis (SPEC S11), and lets others run between its rows.
 * @throws ApiError VALIDATION_ERROR (422) naming every bad field; MALFORMED_REQUEST (400) when only the sum of the weights is wrong
 */
export async function parseTopsis(body: unknown): Promise<TopsisRequest> {
  const request = requestObject(body, ['decision_matrix', 'weights', 'criteria_types']);
  const problems = new Problems();
  const matrix = await readMatrix(request['decision_matrix'], problems);
  const weights = readWeights(request['weights'], matrix?.columns ?? null, problems);
  const types = readTypes(request['criteria_types'], matrix?.columns ?? null, problems);
  problems.throwIfAny();
  if (matrix === null) throw new Error('a matrix without problems is missing');
  requireSumOfOne(weights);
  return { matrix, weights, benefit: types.map((type) => type === 'benefit') };
}

async function readMatrix(value: unknown, problems: Problems): Promise<DecisionMatrix | null> {
  const field = 'decision_matrix';
  if (!Array.isArray(value) || value.length === 0) {
    problems.add(field, 'must be a list of at least one row');
    return null;
  }
  const rows = value as unknown[];
  const columns = Array.isArray(rows[0]) ? rows[0].length : 0;
  const ragged = rows.findIndex((row) => !Array.isArray(row) || row.length !== columns || columns === 0);
  if (ragged !== -1) {
    problems.add(`${field}.${ragged}`, 'must be a list of numbers, not empty and as long as the first row');
    return null;
  }
  const values = new Float64Array(rows.length * columns);
  const bad = await fill(values, rows as unknown[][], columns);
  if (bad !== null) {
    problems.add(`${field}.${bad.row}.${bad.column}`, 'must be a finite number');
    return null;
  }
  return { values, rows: rows.length, columns };
}

/** The first cell that is no finite number, or null; JSON's 1e999 is Infinity by now. */
async function fill(
  values: Float64Array,
  rows: readonly (readonly unknown[])[],
  columns: number,
): Promise<{ row: number; column: number } | null> {
  const turns = new Turns();
  let at = 0;
  for (const [row, cells] of rows.entries()) {
    for (let column = 0; column < columns; column += 1, at += 1) {
      const cell = cells[column];
      if (typeof cell !== 'number' || !isFiniteNumber(cell)) return { row, column };
      values[at] = cell;
    }
    if (turns.isOver()) await turns.next();
  }
  return null;
}

function readWeights(value: unknown, columns: number | null, problems: Problems): number[] {
  if (!isListOf(value, columns, 'weights', problems)) return [];
  return value.map((weight, index) => {
    if (typeof weight === 'number' && Number.isFinite(weight) && weight >= 0) return weight;
    problems.add(`weights.${index}`, 'must be a finite number, not negative');
    return 0;
  });
}

function readTypes(value: unknown, columns: number | null, problems: Problems): CriterionType[] {
  if (!isListOf(value, columns, 'criteria_types', problems)) return [];
  return value.map((type, index) => {
    const known = CRITERION_TYPES.find((name) => name === type);
    if (known === undefined) problems.add(`criteria_types.${index}`, `must be one of ${CRITERION_TYPES.join(', ')}`);
    return known ?? 'benefit';
  });
}

function isListOf(value: unknown, columns: number | null, field: string, problems: Problems): value is unknown[] {
  if (!Array.isArray(value) || value.length === 0) {
    problems.add(field, 'must be a list with one entry for each criterion');
    return false;
  }
  if (columns !== null && value.length !== columns) {
    problems.add(field, `must have one entry for each of the ${columns} criteria`);
    return false;
  }
  return true;
}

function requireSumOfOne(weights: readonly number[]): void {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (Math.abs(sum - 1) <= WEIGHT_TOLERANCE) return;
  const message = `must sum to 1, and sum to ${sum}`;
  throw new ApiError('MALFORMED_REQUEST', `weights ${message}`, { details: [{ field: 'weights', message }] });
}
