/**
 * The wait in ms that a Retry-After header asks for: seconds or an HTTP date. null when there is none or it is neither.
 * @param now ms since 1970, for the date form
 */
export function parseRetryAfter(header: string | undefined, now: number): number | null {
  const text = header?.trim();
  if (text === undefined || text === '') return null;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
