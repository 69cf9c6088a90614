import { randomBytes } from 'node:crypto';

const LONGEST = 255;

/** What a new tenant would like to be called: the organization, else the address. */
export function tenantNameFor(organization: string | null | undefined, email: string): string {
  const wish = organization?.trim() ?? '';
  return (wish === '' ? email : wish).slice(0, LONGEST);
}

/** The same name told apart by a suffix, within the column's length. */
export function withSuffix(name: string, suffix: string = randomBytes(4).toString('hex')): string {
  return `${name.slice(0, LONGEST - suffix.length - 1)}-${suffix}`;
}
