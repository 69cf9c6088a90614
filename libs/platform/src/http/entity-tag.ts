/**
 * Whether `If-None-Match` names this ETag, or any (RFC 9110 13.1.2). Compared weakly: a proxy that compresses makes a strong
 * tag weak, and some clients send the tag back without its `W/`.
 */
export function matchesETag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const wanted = opaque(etag);
  return ifNoneMatch.split(',').some((tag) => tag.trim() === '*' || opaque(tag.trim()) === wanted);
}

const opaque = (tag: string): string => tag.replace(/^W\//, '');
