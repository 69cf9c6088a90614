/**
 * Two spellings of one question get one answer: parameters in any order, a slash at the end or none. Nothing is decoded and
 * nothing left out: what reads the same to one parser differs to another, and a key that two questions share gives one the
 * other's answer. @param path with query, as it came @param prefer the `Prefer` header, which decides what is an error
 */
export function answerKey(path: string, prefer: string | undefined): string {
  const mark = path.indexOf('?');
  const route = mark === -1 ? path : path.slice(0, mark);
  const pairs = mark === -1 ? [] : path.slice(mark + 1).split('&');
  // A name spelled in escapes may be one of the others: among those the order can count.
  if (!pairs.some((pair) => /^[^=]*[%+]/.test(pair))) pairs.sort(byName);
  return JSON.stringify([route.replace(/\/$/, ''), prefer ?? '', pairs]);
}

const nameOf = (pair: string) => pair.split('=', 1)[0] ?? pair;

/** Sorting is stable: what is given twice keeps its order. */
function byName(a: string, b: string): number {
  const [first, second] = [nameOf(a), nameOf(b)];
  return first < second ? -1 : first > second ? 1 : 0;
}
