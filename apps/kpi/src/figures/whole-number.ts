import { validationError } from '@gpubroker/platform/errors';

export interface NumberRule {
  readonly field: string;
  readonly least: number;
  readonly most: number;
  readonly fallback: number;
}

/**
 * A query parameter that is a plain whole number; absent or empty takes the fallback.
 * @throws ApiError VALIDATION_ERROR for anything else, a repeated one included
 */
export function wholeNumber(value: unknown, { field, least, most, fallback }: NumberRule): number {
  if (value === undefined || value === '') return fallback;
  const number = typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw validationError([{ field, message: `must be one whole number from ${least} to ${most}` }]);
}
