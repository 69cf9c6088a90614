import { createHash } from 'node:crypto';

/** Lua that Redis runs as one step; known there by its hash after the first time. */
export interface RedisScript {
  readonly source: string;
  readonly sha: string;
}

export const redisScript = (source: string): RedisScript => ({
  source,
  sha: createHash('sha1').update(source).digest('hex'),
});
