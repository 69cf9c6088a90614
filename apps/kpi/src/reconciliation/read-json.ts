const TIMEOUT_MS = 30_000;

/** @throws Error when there is no answer in time, or another one than 200 */
export async function readJson(url: string): Promise<unknown> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return answer.json();
}
