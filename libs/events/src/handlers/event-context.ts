import { TRACEPARENT_HEADER } from '@gpubroker/contracts/events';
import { BaseRpcContext } from '@nestjs/microservices';
import type { DeliveredEvent } from '../transport';

/**
 * The second argument of a handler: the events that were delivered, one for an ordinary handler, in the order of the
 * first argument for a batch handler.
 */
export class EventContext extends BaseRpcContext<[readonly DeliveredEvent[], AbortSignal]> {
  get events(): readonly DeliveredEvent[] {
    return this.args[0];
  }

  /** Aborts when the handler's time is up or its subscription is closing; the event will then come again. */
  get signal(): AbortSignal {
    return this.args[1];
  }

  /** Of an ordinary handler. @throws Error in a batch handler, which has many */
  get event(): DeliveredEvent {
    const [event, ...more] = this.events;
    if (event === undefined || more.length > 0) throw new Error('A batch handler has many events: use context.events');
    return event;
  }

  /** W3C Trace Context of what caused the event; null when it carries none. */
  get traceparent(): string | null {
    return this.events[0]?.headers[TRACEPARENT_HEADER] ?? null;
  }
}
