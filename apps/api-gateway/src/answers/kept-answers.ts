import { Injectable } from '@nestjs/common';
import { matchesETag } from '@gpubroker/platform/http';
import type { FastifyRequest } from 'fastify';
import type { PeerAnswer } from '../proxy/peer';
import type { Route } from '../routing/route-table';
import { AnswerCache } from './answer-cache';
import { answerKey } from './answer-key';
import { CatalogueWatch } from './catalogue-watch';

/** A question whose answer may be kept, and the moment at which it was asked. */
export interface Question {
  readonly key: string;
  readonly mark: number;
}

/** Which answers may be given again without asking the service: public lists, as long as their changes are heard. */
@Injectable()
export class KeptAnswers {
  constructor(
    private readonly cache: AnswerCache,
    private readonly watch: CatalogueWatch,
  ) {}

  /** @returns null for what must be asked for each time */
  question(route: Route, request: FastifyRequest): Question | null {
    if (!route.keepList || request.method !== 'GET' || request.headers.authorization !== undefined) return null;
    const url = request.raw.url ?? '';
    const path = url.split('?', 1)[0]?.replace(/\/$/, '');
    if (path !== route.prefix || !this.watch.isWatching) return null;
    const { prefer } = request.headers;
    return { key: answerKey(url, Array.isArray(prefer) ? prefer.join(',') : prefer), mark: this.cache.mark };
  }

  find({ key }: Question): PeerAnswer | undefined {
    return this.cache.get(key);
  }

  keep({ key, mark }: Question, answer: PeerAnswer): void {
    if (Buffer.isBuffer(answer.body)) this.cache.keep(key, answer, mark);
  }
}

/** Whether the caller has the kept answer already. */
export const isUnchanged = ({ headers }: PeerAnswer, ifNoneMatch: string | undefined): boolean =>
  typeof headers.etag === 'string' && matchesETag(ifNoneMatch, headers.etag);
