import type { ErrorDetailDto } from '@gpubroker/contracts/errors';
import type { Credentials } from '@gpubroker/provider-adapter/adapter';

const LONGEST = 8_192;
/** What may stand in a header: a control character there fails the call in a way that looks like a cloud that is away. */
const PRINTABLE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
const PEM = /^-----BEGIN [A-Z ]{1,40}-----\r?\n[\x20-\x7e\r\n]+-----END [A-Z ]{1,40}-----\r?\n?$/;

export type ReadCredentials =
  | { readonly ok: true; readonly credentials: Credentials }
  | { readonly ok: false; readonly problems: ErrorDetailDto[] };

/** Exactly the members that the cloud wants, each a text that can be sent. No message holds a value. */
export function readCredentials(fields: readonly string[], given: Readonly<Record<string, unknown>>): ReadCredentials {
  const problems = [
    ...fields.flatMap((field) => problemsOf(field, Object.hasOwn(given, field) ? given[field] : undefined)),
    ...Object.keys(given)
      .filter((name) => !fields.includes(name))
      .map(() => ({ field: 'credentials', message: `only ${fields.join(', ')} may be given` })),
  ];
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, credentials: Object.fromEntries(fields.map((field) => [field, String(given[field])])) };
}

function problemsOf(field: string, value: unknown): ErrorDetailDto[] {
  const problem = problemOf(value);
  return problem === null ? [] : [{ field: `credentials.${field}`, message: problem }];
}

function problemOf(value: unknown): string | null {
  if (value === undefined) return 'is required';
  if (typeof value !== 'string') return 'must be a text';
  if (value.length > LONGEST) return `must not be longer than ${LONGEST} characters`;
  if (PRINTABLE.test(value) || PEM.test(value)) return null;
  return 'must be printable ASCII without blanks around it, or a key in PEM form';
}
