/** Redis is away, hung or refuses. Whoever asks goes on without it (SPEC G12, S2). */
export class RedisUnavailableError extends Error {
  override readonly name = 'RedisUnavailableError';
}
