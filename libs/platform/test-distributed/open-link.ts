import { RedisLink } from '@gpubroker/platform/redis';

export interface WatchedLink {
  readonly link: RedisLink;
  readonly changes: readonly boolean[];
}

export async function openLink(url: string): Promise<WatchedLink> {
  const changes: boolean[] = [];
  const link = await RedisLink.open({ url, service: 'test', onChange: (up) => changes.push(up) });
  return { link, changes };
}

/** At least so long: timers of Node may be early by a part of a millisecond. */
export async function pass(ms: number): Promise<void> {
  const until = performance.now() + ms;
  for (let left = ms; left > 0; left = until - performance.now())
    await new Promise((resolve) => setTimeout(resolve, Math.ceil(left)));
}
