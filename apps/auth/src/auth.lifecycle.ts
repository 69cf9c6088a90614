import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Inbox } from '@gpubroker/events/inbox';
import { OutboxRelay } from '@gpubroker/events/relay';
import { Database } from '@gpubroker/persistence/database';
import { runMigrations } from '@gpubroker/persistence/migrations';
import { EventFollower } from '@gpubroker/platform/events';
import { HealthRegistry } from '@gpubroker/platform/health';
import { InjectLogger } from '@gpubroker/platform/logging';
import type { Logger } from 'pino';
import { CONSUMER_GROUP } from './audit/audit-event.handlers';
import { AuthConfig } from './auth.config';
import { AUTH_SCHEMA, authDatabase } from './auth.database';
import { SigningKeys } from './keys/signing-keys';
import { PasswordHasher } from './passwords/password-hasher';
import { Superusers } from './superuser/superusers';

const RETRY_MS = 2_000;
const UPKEEP_MS = 3_600_000;
/** Longer than any log keeps an event that it could deliver again. */
const HANDLED_KEPT_MS = 8 * 86_400_000;

/** What runs beside the HTTP server: migrations, the announcement of the key, and removal of what is over. */
@Injectable()
export class AuthLifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private readonly inbox = new Inbox(AUTH_SCHEMA, CONSUMER_GROUP);
  private ready = false;

  constructor(
    private readonly config: AuthConfig,
    private readonly database: Database,
    private readonly keys: SigningKeys,
    private readonly hasher: PasswordHasher,
    private readonly relay: OutboxRelay,
    private readonly follower: EventFollower,
    private readonly superusers: Superusers,
    private readonly health: HealthRegistry,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.health.add({
      name: 'database',
      critical: () => true,
      check: async () => ({ up: this.ready && (await this.database.isUp()) }),
    });
    await this.hasher.warmUp();
    this.running = this.run();
  }

  /** Before the pool closes: whatever writes must have stopped. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await this.relay.stop();
    await this.follower.stop();
  }

  /** Waits for the database as long as it takes: requests are answered meanwhile, with 503. */
  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const done = await this.prepare();
      await sleep(done ? UPKEEP_MS : RETRY_MS, undefined, { signal: this.stopping.signal, ref: false }).catch(
        () => undefined,
      );
    }
  }

  private async prepare(): Promise<boolean> {
    try {
      await this.database.whenReady(RETRY_MS);
      if (!this.ready) await this.migrate();
      if (!this.ready) await this.makeSuperuser();
      await this.keys.announce();
      this.ready = true;
      this.relay.start();
      await this.follower.follow();
      await this.removeOld();
      return true;
    } catch (error) {
      if (!this.stopping.signal.aborted) this.logger.error({ err: error }, 'the tables are not ready, trying again');
      return false;
    }
  }

  private async migrate(): Promise<void> {
    const ran = await runMigrations(authDatabase(this.config));
    if (ran.length > 0) this.logger.info({ migrations: ran }, 'migrations ran');
  }

  private async makeSuperuser(): Promise<void> {
    const { superuser } = this.config;
    if (superuser === null) return;
    const outcome = await this.superusers.ensure(superuser);
    if (outcome === 'created') this.logger.info({ email: superuser.email }, 'made the first administrator');
  }

  private async removeOld(): Promise<void> {
    await this.database.inTransaction(async (manager) => {
      await manager.query("DELETE FROM auth.sign_in_failures WHERE failed_at < now() - interval '1 day'");
      await manager.query("DELETE FROM auth.known_places WHERE seen_at < now() - interval '30 days'");
      await manager.query("DELETE FROM auth.invitations WHERE expires_at < now() - interval '30 days'");
      await manager.query("DELETE FROM auth.mfa_challenges WHERE expires_at < now() - interval '1 day'");
      await manager.query("DELETE FROM auth.refresh_tokens WHERE expires_at < now() - interval '1 day'");
    });
    await this.inbox.prune(this.database.dataSource, new Date(Date.now() - HANDLED_KEPT_MS));
  }
}
