import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '@gpubroker/persistence/database';
import { InjectLogger } from '@gpubroker/platform/logging';
import type { Logger } from 'pino';

const EVERY_MS = 60_000;

/**
 * Writes into the log where the chain stands. Whoever rewrites all tables at once cannot be told from them alone; a log that is
 * kept elsewhere tells: `verify-audit` takes what stands in it.
 */
@Injectable()
export class AuditAnchor implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private last: string | null = null;

  constructor(
    private readonly database: Database,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.drop(), EVERY_MS);
    this.timer.unref();
  }

  beforeApplicationShutdown(): void {
    if (this.timer !== null) clearInterval(this.timer);
  }

  /** Says nothing where the chain has not moved. Without a database the next minute will do. */
  async drop(): Promise<void> {
    try {
      const [head] = await this.database.inTransaction((manager) =>
        manager.query<[{ at: string }?]>("SELECT seq || ':' || hash AS at FROM auth.audit_head"),
      );
      if (head === undefined || head.at === this.last) return;
      this.last = head.at;
      this.logger.info({ audit_head: head.at }, 'the audit chain stands here');
    } catch (error) {
      this.logger.debug({ err: error }, 'the head of the audit chain cannot be read now');
    }
  }
}
