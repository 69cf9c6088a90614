import type { Pool } from 'undici';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Answer {
  /** When it was asked and answered, in ms of this process. */
  readonly asked: number;
  readonly answered: number;
  readonly status: number;
}

export interface Load {
  readonly clients: readonly Pool[];
  readonly token: string;
  readonly perSecond: number;
  readonly seconds: number;
  /** False: what a busy machine made late is not made up for, so that no second is offered more than the others. */
  readonly catchUp?: boolean;
}

const PATH = '/api/v2/math/anything';

/** Sends to one gateway after the other, whether or not answers have come. */
export async function offerLoad({ clients, token, perSecond, seconds, catchUp = true }: Load): Promise<Answer[]> {
  const gap = 1_000 / perSecond;
  const end = performance.now() + seconds * 1_000;
  const asking: Promise<Answer>[] = [];
  for (let due = performance.now(); due < end; due = (catchUp ? due : performance.now()) + gap) {
    const early = due - performance.now();
    if (early > 0) await sleep(Math.ceil(early));
    asking.push(ask(clients[asking.length % clients.length], token));
  }
  return Promise.all(asking);
}

async function ask(client: Pool | undefined, token: string): Promise<Answer> {
  const asked = performance.now();
  const request = { method: 'GET', path: PATH, headers: { authorization: `Bearer ${token}` } } as const;
  const answer = await client?.request(request);
  await answer?.body.dump();
  return { asked, answered: performance.now(), status: answer?.statusCode ?? 0 };
}

export const accepted = (answers: readonly Answer[]): Answer[] => answers.filter(({ status }) => status === 200);

/** The most that were certainly accepted within one second, whichever second one looks at. */
export const fullestSecond = (answers: readonly Answer[]): number =>
  accepted(answers).reduce(
    (most, { asked: begin }, _at, all) =>
      Math.max(most, all.filter(({ asked, answered }) => asked >= begin && answered < begin + 1_000).length),
    0,
  );

/** Refusals within whose last second fewer than the limit can have been accepted. */
export const unexplainedRefusals = (answers: readonly Answer[], limit: number): Answer[] =>
  answers.filter(
    (refused) =>
      refused.status !== 200 &&
      accepted(answers).filter(({ asked, answered }) => answered > refused.asked - 1_000 && asked < refused.answered)
        .length < limit,
  );

/** How many answers there were of each status. */
export function byStatus(answers: readonly Answer[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
