import { PRODUCT_EVENTS, type EventCatalog } from '@gpubroker/contracts/events';
import type { EventObserver } from './event-observer';
import { DEFAULT_RETRY, type RetryPolicy } from './retry-decision';

/** What both transports take. */
export interface TransportOptions {
  /** Default: the product's own events. */
  readonly catalog?: EventCatalog;
  readonly retry?: Partial<RetryPolicy>;
  readonly observer?: EventObserver;
  /** A subscription with work whose position has not moved for this long is stalled. Default 60,000. */
  readonly stallAfterMs?: number;
  /** How often the lag is measured. Default 5,000. */
  readonly lagEveryMs?: number;
}

export interface ResolvedTransportOptions {
  readonly catalog: EventCatalog;
  readonly retry: RetryPolicy;
  readonly observer: EventObserver;
  readonly stallAfterMs: number;
  readonly lagEveryMs: number;
}

export function resolveTransportOptions(options: TransportOptions): ResolvedTransportOptions {
  return {
    catalog: options.catalog ?? PRODUCT_EVENTS,
    retry: { ...DEFAULT_RETRY, ...options.retry },
    observer: options.observer ?? {},
    stallAfterMs: options.stallAfterMs ?? 60_000,
    lagEveryMs: options.lagEveryMs ?? 5_000,
  };
}
