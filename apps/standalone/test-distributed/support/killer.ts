import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { Ledger } from './ledger';
import type { ServiceProcess } from './service-process';

/** What the moments of the kills were, as they turned out. */
export interface KillCount {
  kills: number;
  /** Of the kills, those that found committed events which no relay had taken yet. */
  withEventsWaiting: number;
}

const COMMIT_WITHIN_MS = 4_000;
const between = (least: number, most: number): number => least + Math.random() * (most - least);

/**
 * kill -9 of providers, relay included, `times` times: a fifth anywhere between its start and some seconds later, the rest
 * within milliseconds after a commit, where a row is written and its event may still be in the outbox, or later at random.
 * The process is started again at once, and left running at the end.
 */
export async function killProviders(
  providers: ServiceProcess,
  ledger: Ledger,
  databaseUrl: string,
  times: number,
): Promise<KillCount> {
  const count: KillCount = { kills: 0, withEventsWaiting: 0 };
  const commits = await CommitBell.hang(databaseUrl);
  try {
    while (count.kills < times) {
      if (count.kills % 5 === 0) await sleep(between(0, 3_000));
      else {
        await commits.next();
        await sleep(count.kills % 2 === 0 ? between(0, 20) : between(0, 600));
      }
      await providers.kill();
      count.kills += 1;
      if ((await ledger.waiting()) > 0) count.withEventsWaiting += 1;
      providers.spawn();
    }
  } finally {
    await commits.close();
  }
  await providers.untilReady();
  return count;
}

/**
 * kill -9 of a process, `times` times, at random moments; it is started again at once, and is up at the end.
 * @param lifeMs how long it lives, on average, its start included
 */
export async function killAtRandom(process: ServiceProcess, times: number, lifeMs: number): Promise<void> {
  for (let kills = 0; kills < times; kills += 1) {
    await sleep(between(0, 2 * lifeMs));
    await process.kill();
    process.spawn();
  }
  await process.untilReady();
}

/** Ends the relay's own database session, as a failover would: it must find out, and publish nothing in another's place. */
export async function endRelaySessions(ledger: Ledger, times: number): Promise<number> {
  let ended = 0;
  for (let tries = 0; ended < times && tries < times * 20; tries += 1) {
    await sleep(between(100, 900));
    const { rowCount } = await ledger.pool.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'providers-relay' AND datname = current_database()",
    );
    ended += (rowCount ?? 0) > 0 ? 1 : 0;
  }
  return ended;
}

/** Rings at every commit that wrote events. */
class CommitBell {
  private constructor(private readonly client: Client) {}

  static async hang(databaseUrl: string): Promise<CommitBell> {
    const client = new Client({ connectionString: databaseUrl });
    client.on('error', () => undefined);
    await client.connect();
    await client.query('LISTEN providers_outbox');
    return new CommitBell(client);
  }

  /** The next one, or some seconds: a killed sync keeps its cloud for as long as its lease lasts. */
  async next(): Promise<void> {
    const heard = new AbortController();
    const ring = (): void => heard.abort();
    this.client.once('notification', ring);
    await sleep(COMMIT_WITHIN_MS, undefined, { signal: heard.signal }).catch(() => undefined);
    this.client.off('notification', ring);
  }

  async close(): Promise<void> {
    await this.client.end();
  }
}
