import { Injectable } from '@nestjs/common';
import type { Interaction } from '@gpubroker/contracts/events';
import { Inbox } from '@gpubroker/events/inbox';
import { Database } from '@gpubroker/persistence/database';
import { ACTION_WEIGHT, type UserOffer } from './taste';

export const CONSUMER_GROUP = 'math-core';
/** The newest of them train the taste: about a second of work, and memory for as many. */
const MOST_PAIRS = 500_000;

export interface NewInteraction {
  readonly eventId: string;
  readonly interaction: Interaction;
}

/** What users did with offers, one row for each pair, in math-core's own schema. */
@Injectable()
export class InteractionStore {
  private readonly inbox = new Inbox('math_core', CONSUMER_GROUP);

  constructor(private readonly database: Database) {}

  /** One transaction; an event that was counted before counts no more. */
  async add(events: readonly NewInteraction[]): Promise<void> {
    await this.database.inTransaction(async (manager) => {
      const fresh = await this.inbox.claimNew(
        manager,
        events.map(({ eventId }) => eventId),
      );
      const counted = events.filter(({ eventId }) => fresh.has(eventId)).map(({ interaction }) => interaction);
      if (counted.length === 0) return;
      // Grouped, since one statement may touch a row once; in order, so that two replicas never wait for each other in a ring.
      await manager.query(
        `INSERT INTO math_core.interactions AS known (user_id, offer_id, weight, last_at)
         SELECT user_id, offer_id, sum(weight), max(at)
         FROM unnest($1::text[], $2::text[], $3::float8[], $4::timestamptz[]) AS one (user_id, offer_id, weight, at)
         GROUP BY user_id, offer_id ORDER BY user_id, offer_id
         ON CONFLICT (user_id, offer_id) DO UPDATE
         SET weight = known.weight + excluded.weight, last_at = greatest(known.last_at, excluded.last_at)`,
        [
          counted.map(({ user }) => user),
          counted.map(({ offer }) => offer),
          counted.map(({ kind }) => ACTION_WEIGHT[kind]),
          counted.map(({ at }) => at),
        ],
      );
    });
  }

  /** In an order that depends on nothing but what is there: the training must give the same from the same. */
  async pairs(): Promise<UserOffer[]> {
    const rows: { user_id: string; offer_id: string; weight: number }[] = await this.database.dataSource.query(
      `SELECT user_id, offer_id, weight FROM (
         SELECT * FROM math_core.interactions ORDER BY last_at DESC, user_id, offer_id LIMIT ${MOST_PAIRS}
       ) AS newest ORDER BY user_id, offer_id`,
    );
    return rows.map(({ user_id: user, offer_id: offer, weight }) => ({ user, offer, weight }));
  }

  /** Changes with every interaction that is counted. */
  async mark(): Promise<string> {
    const [row] = await this.database.dataSource.query<{ mark: string }[]>(
      "SELECT count(*) || ' ' || coalesce(sum(weight), 0) AS mark FROM math_core.interactions",
    );
    return row?.mark ?? '';
  }

  /** @param before no event older than this can be delivered any more */
  async forgetHandled(before: Date): Promise<void> {
    await this.inbox.prune(this.database.dataSource, before);
  }
}
