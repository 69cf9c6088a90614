export const GLOBAL_REGION = 'global';

/** A cloud's own region name as a code: lower case, dash-separated. `global` when it names none. */
export function regionCode(name: string | null | undefined): string {
  const code = (name ?? '')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 100);
  return code === '' || code === 'default' || code === 'any' ? GLOBAL_REGION : code;
}

/**
 * A place written for people, country code last: "Minnesota, US" → `us-minnesota`, "Sweden, SE" → `se-sweden`,
 * ", US" → `us`. The country comes first so that the prefix filter `us-` finds them all.
 */
export function regionFromPlace(place: string | null | undefined): string {
  const pieces = (place ?? '')
    .split(',')
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '');
  const last = pieces.at(-1);
  if (last === undefined) return GLOBAL_REGION;
  if (!/^[A-Za-z]{2}$/.test(last)) return regionCode(pieces.join(' '));
  return regionCode([last, ...pieces.slice(0, -1)].join(' '));
}
