/**
 * Two spellings of one question get one answer: parameters in any order, empty ones left out. Repeated ones keep their
 * order. @param path with query, as it came @param prefer the `Prefer` header, which decides what is an error
 */
export function answerKey(path: string, prefer: string | undefined): string {
  const [route = '', query = ''] = path.split('?', 2);
  const pairs = [...new URLSearchParams(query)].filter(([, value]) => value !== '');
  const sorted = pairs
    .map(([name, value], at) => ({ name, value, at }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.at - b.at));
  return JSON.stringify([route.replace(/\/+$/, ''), prefer ?? '', sorted.map(({ name, value }) => [name, value])]);
}
