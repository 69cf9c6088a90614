import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { accessChanges, type AccessChange } from '@gpubroker/contracts/events';
import type { DeliveredEvent } from '@gpubroker/events/transport';
import type { Logger } from 'pino';
import type { EventLogConfig } from '../events/event-log.env';
import { eventObserver } from '../events/event-metrics';
import { openEventLog, type EventLog } from '../events/open-event-log';
import type { ServiceMetrics } from '../metrics/service-metrics';
import { REMEMBER_MS } from './revocation-list';
import type { TokenTrust } from './verify-token';

/** Where a service hears that access has changed. */
export interface AccessChangeSource {
  readonly service: string;
  readonly eventLog: EventLogConfig;
}

/**
 * Keeps a service's list of revocations: what happened within the life of a token first, then everything that happens, at every
 * replica. Without an event log, or while it is away, tokens hold until they run out: 15 minutes at most (SPEC S6).
 */
export class AccessChangeFeed implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log: EventLog | null;
  private readonly closing = new AbortController();
  private readonly listeners: ((change: AccessChange) => void)[] = [];

  constructor(
    { revocations, accessChanges: source }: TokenTrust,
    metrics: ServiceMetrics,
    private readonly logger: Logger,
  ) {
    this.log =
      source && hasLog(source) ? openEventLog(source.service, source.eventLog, eventObserver(metrics, logger)) : null;
    if (revocations === undefined) return;
    this.listen((change) => {
      revocations.note(change);
    });
    metrics.gauge('gpubroker_revocations', 'Sessions, users and tenants whose tokens are refused', [], (gauge) => {
      gauge.set(revocations.size);
    });
  }

  /** Call it before the application starts, or miss what the log holds already. */
  listen(listener: (change: AccessChange) => void): void {
    this.listeners.push(listener);
  }

  /** Whether a change would be heard now. */
  get isListening(): boolean {
    return this.log?.transport.health().subscriptions.some(({ state }) => state === 'running') ?? false;
  }

  onApplicationBootstrap(): void {
    if (this.log === null) {
      this.logger.warn('without an event log nobody hears of sessions that end: tokens hold until they run out');
      return;
    }
    const handle = ({ payload }: DeliveredEvent): Promise<void> => {
      if (payload !== null) for (const listener of this.listeners) listener(payload as AccessChange);
      return Promise.resolve();
    };
    const since = new Date(Date.now() - REMEMBER_MS);
    const handlers = { [accessChanges.topic]: { kind: 'each', handle } } as const;
    this.log.transport
      .subscribe({ kind: 'fanout', group: 'access', from: { since }, handlers }, this.closing.signal)
      .catch((error: unknown) => {
        if (!this.closing.signal.aborted) this.logger.error({ err: error }, 'changes of access cannot be followed');
      });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.closing.abort();
    await this.log?.close();
  }
}

const hasLog = ({ eventLog }: AccessChangeSource): boolean =>
  eventLog.databaseUrl !== null || eventLog.kafkaBrokers.length > 0;
