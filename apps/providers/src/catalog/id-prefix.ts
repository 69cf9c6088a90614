const CHARACTERS = 6;
const HIGHEST = 255;

/**
 * The first characters of an id as one number that sorts as they do, so that two ids are rarely compared as texts. Equal
 * numbers say nothing: the ids themselves decide then.
 */
export function idPrefix(id: string): number {
  let prefix = 0;
  for (let at = 0; at < CHARACTERS; at += 1) {
    const code = at < id.length ? id.charCodeAt(at) + 1 : 0;
    prefix = prefix * 256 + Math.min(code, HIGHEST);
  }
  return prefix;
}
