import { z } from 'zod';
import { part, text } from '../upstream-fields';

const inner = part({ secret_type: text, type: text, value: text });
const secret = part({ id: text, type: text, secret_type: text, value: text, attributes: inner });
const secrets = z.array(secret);

/** The list stands directly under `data` in one page of the documentation, and under `attributes` in another. */
const secretList = z.union([
  z.object({ data: z.object({ secrets }) }).transform(({ data }) => data.secrets),
  z.object({ data: z.object({ attributes: z.object({ secrets }) }) }).transform(({ data }) => data.attributes.secrets),
  z.object({ data: secrets }).transform(({ data }) => data),
]);
const oneSecret = z.object({ data: secret });

/** Ids of the account's SSH keys; null when the answer is no list of secrets. */
export function sshKeyIds(json: unknown): string[] | null {
  const read = secretList.safeParse(json);
  if (!read.success) return null;
  return read.data
    .filter((one) => [one?.attributes?.secret_type, one?.secret_type, one?.type].includes('SSHKEY'))
    .flatMap((one) => one?.id ?? []);
}

/** The public key in the answer for one secret; null when there is none. */
export function sshKeyValue(json: unknown): string | null {
  const read = oneSecret.safeParse(json);
  return read.success ? (read.data.data?.attributes?.value ?? read.data.data?.value ?? null) : null;
}
