import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import type {
  DeliveredEvent,
  EventHandler,
  EventHandlers as HandlersByTopic,
  EventTransport,
  RunningSubscription,
  StartAt,
} from '../transport';
import { EventContext } from './event-context';
import { isBatchHandler } from './event-handlers.decorator';

export interface EventServerOptions {
  readonly transport: EventTransport;
  /** The service's name: its replicas share the work. With `fanout` each replica gets everything. */
  readonly group: string;
  /** Where each replica starts; left out, the group is shared and goes on where it was. */
  readonly fanout?: { readonly from: StartAt };
  /** Runs round every call of a handler, for the trace context; it must call `handle` and hand on what it throws. */
  around?(context: EventContext, handle: () => Promise<void>): Promise<void>;
}

/**
 * Nest's side of an event transport: `app.connectMicroservice({ strategy: new EventServer({ … }) })` subscribes the
 * `@OnEvent` methods of the application. A method that returns has handled its event; one that throws is tried again.
 */
export class EventServer extends Server implements CustomTransportStrategy {
  private readonly closing = new AbortController();
  private subscribing: Promise<RunningSubscription> | null = null;

  constructor(private readonly options: EventServerOptions) {
    super();
  }

  /** Does not wait for the log: a service starts, and answers, without it. */
  listen(callback: (error?: unknown) => void): void {
    try {
      this.subscribing = this.subscribe();
    } catch (error) {
      callback(error);
      return;
    }
    this.subscribing.catch((error: unknown) => {
      this.logger.error(error);
    });
    callback();
  }

  /** Resolves when everything appended from now on will be delivered. */
  async subscribed(): Promise<void> {
    await this.subscribing;
  }

  /** Lets the running handlers finish, or stops looking for the log. The transport stays open: it may serve others. */
  async close(): Promise<void> {
    this.closing.abort();
    const running = await this.subscribing?.catch(() => null);
    await running?.close();
  }

  on(): never {
    throw new Error('EventServer emits no events: watch the transport’s observer');
  }

  // Nest's signature: the caller says what it expects.
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
  unwrap<T>(): T {
    return this.options.transport as T;
  }

  private subscribe(): Promise<RunningSubscription> {
    const { transport, group, fanout } = this.options;
    const handlers: HandlersByTopic = Object.fromEntries(
      [...this.messageHandlers].map(([topic, handler]) => [topic, this.toEventHandler(topic, handler)]),
    );
    return fanout === undefined
      ? transport.subscribe({ kind: 'shared', group, handlers }, this.closing.signal)
      : transport.subscribe({ kind: 'fanout', group, from: fanout.from, handlers }, this.closing.signal);
  }

  private toEventHandler(topic: string, handler: MessageHandler): EventHandler {
    // Two methods of one topic would share one position: when one fails, both would be repeated.
    if (handler.next !== undefined)
      throw new Error(`Two methods of ${this.options.group} handle ${topic}: one must do`);
    if (isBatchHandler(handler.extras)) {
      return {
        kind: 'batch',
        handle: (events, signal) =>
          this.call(
            handler,
            events.map(({ payload }) => payload),
            events,
            signal,
          ),
      };
    }
    return { kind: 'each', handle: (event, signal) => this.call(handler, event.payload, [event], signal) };
  }

  private async call(
    handler: MessageHandler,
    payload: unknown,
    events: readonly DeliveredEvent[],
    signal: AbortSignal,
  ): Promise<void> {
    const context = new EventContext([events, signal]);
    const handle = async (): Promise<void> => {
      const result: unknown = await handler(payload, context);
      if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
    };
    await (this.options.around === undefined ? handle() : this.options.around(context, handle));
  }
}
