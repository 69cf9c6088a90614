import { LRUCache } from 'lru-cache';
import type { PeerAnswer } from '../proxy/peer';

const MAX_BYTES = 64 * 1024 * 1024;
/** Some of an answer turns old without any event: a cloud goes stale, a frozen database says nothing. Shown within two seconds. */
const KEEP_MS = 1_500;

/** Ready bytes of public answers (SPEC P8). Forgets everything at once when something changed. */
export class AnswerCache {
  private readonly answers = new LRUCache<string, PeerAnswer>({
    maxSize: MAX_BYTES,
    ttl: KEEP_MS,
    sizeCalculation: ({ body }, key) => (Buffer.isBuffer(body) ? body.length : 0) + key.length * 2 + 1,
  });
  private generation = 0;

  get(key: string): PeerAnswer | undefined {
    return this.answers.get(key);
  }

  /** Taken before the question is asked: an answer from before a change must not be kept after it. */
  get mark(): number {
    return this.generation;
  }

  keep(key: string, answer: PeerAnswer, mark: number): void {
    if (mark === this.generation && answer.status === 200) this.answers.set(key, answer);
  }

  clear(): void {
    this.generation += 1;
    this.answers.clear();
  }
}
