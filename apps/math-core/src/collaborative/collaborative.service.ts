import { Injectable } from '@nestjs/common';
import { ApiError } from '@gpubroker/platform/errors';
import { als, workOfSweep, type AlsFactors, type AlsResult } from './als';
import { AlsThreads } from './als-threads';
import type { CollaborativeRequest } from './collaborative-request';
import { createFactors, seededRandom, type Random } from './random';
import { INLINE } from './row-solver';

/** Multiplications of a sweep that take about 3 ms: up to here the event loop does it itself. */
const SMALL_SWEEP = 5_000_000;
/** Waiting longer than this for an answer is what a caller would call an outage. */
const LONGEST_MS = 20_000;
/** More at once would only make each of them late. */
const MOST_AT_ONCE = 4;

@Injectable()
export class CollaborativeService {
  private running = 0;

  constructor(private readonly threads: AlsThreads) {}

  /**
   * @param gone aborts when nobody waits for the answer any more
   * @throws ApiError SERVICE_UNAVAILABLE when enough others are at it, or it took too long
   */
  async factorise(request: CollaborativeRequest, gone: AbortSignal): Promise<AlsResult> {
    const { ratings, options } = request;
    const { signal, release } = deadline(gone);
    try {
      const start = startOf(request);
      if (workOfSweep(ratings, options.k) <= SMALL_SWEEP) return await als(ratings, options, start, INLINE, signal);
      return await this.inPlace(() => als(ratings, options, start, this.threads, signal));
    } finally {
      release();
    }
  }

  private async inPlace(factorise: () => Promise<AlsResult>): Promise<AlsResult> {
    if (this.running >= MOST_AT_ONCE)
      throw new ApiError('SERVICE_UNAVAILABLE', 'Enough factorisations are running', { retryAfterSeconds: 5 });
    this.running += 1;
    try {
      return await factorise();
    } finally {
      this.running -= 1;
    }
  }
}

/** A timer by hand: the runtime may collect a combined signal of which only its listeners know, and it never fires. */
function deadline(gone: AbortSignal): { signal: AbortSignal; release: () => void } {
  const limit = new AbortController();
  const tooLong = new ApiError(
    'SERVICE_UNAVAILABLE',
    `The factorisation took longer than ${LONGEST_MS / 1_000} s; send fewer ratings, factors or sweeps`,
  );
  const timer = setTimeout(() => limit.abort(tooLong), LONGEST_MS);
  const leave = () => limit.abort(gone.reason);
  gone.addEventListener('abort', leave);
  if (gone.aborted) leave();
  const release = () => {
    clearTimeout(timer);
    gone.removeEventListener('abort', leave);
  };
  return { signal: limit.signal, release };
}

function startOf({ users, items, options, seed, startUsers, startItems }: CollaborativeRequest): AlsFactors {
  const random = seededRandom(seed);
  return {
    users: factorsFrom(users, startUsers, options.k, random),
    items: factorsFrom(items, startItems, options.k, random),
  };
}

/** Given vectors where there are any, drawn ones elsewhere. */
function factorsFrom(
  ids: readonly string[],
  given: ReadonlyMap<string, readonly number[]>,
  k: number,
  random: Random,
): Float64Array {
  const factors = createFactors(ids.length, k, random);
  for (const [index, id] of ids.entries()) {
    const vector = given.get(id);
    if (vector !== undefined) factors.set(vector, index * k);
  }
  return factors;
}
