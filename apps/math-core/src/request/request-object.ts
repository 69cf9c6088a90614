import type { ErrorDetailDto } from '@gpubroker/contracts/errors';
import { validationError } from '@gpubroker/platform/errors';

/** Collects what is wrong with a body, so that one answer names every bad field. */
export class Problems {
  constructor(
    private readonly found: ErrorDetailDto[] = [],
    private readonly prefix = '',
  ) {}

  add(field: string, message: string): void {
    this.found.push({ field: `${this.prefix}${field}`, message });
  }

  /** The same list, for members of a member. */
  within(member: string): Problems {
    return new Problems(this.found, `${this.prefix}${member}.`);
  }

  /** @throws ApiError VALIDATION_ERROR when anything was added */
  throwIfAny(): void {
    if (this.found.length > 0) throw validationError(this.found);
  }
}

export type RequestObject = Readonly<Record<string, unknown>>;

/**
 * The body as an object with no members but these. Large numeric bodies are read by hand: class-transformer copies a matrix
 * cell by cell and takes longer than the mathematics.
 * @throws ApiError VALIDATION_ERROR
 */
export function requestObject(body: unknown, members: readonly string[]): RequestObject {
  const problems = new Problems();
  if (!isObject(body)) {
    problems.add('(body)', 'must be an object');
    problems.throwIfAny();
    return {};
  }
  for (const name of Object.keys(body))
    if (!members.includes(name)) problems.add(name, `property ${name} should not exist`);
  problems.throwIfAny();
  return body;
}

export function isObject(value: unknown): value is RequestObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
