import { applyDecorators, Controller, UseFilters } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { EventContract } from '@gpubroker/contracts/events';
import { EventFailureFilter } from './event-failure.filter';

const BATCH_EXTRA = 'batch';

/** A class whose `@OnEvent` and `@OnEventBatch` methods handle events. List it among a module's controllers. */
export function EventHandlers(): ClassDecorator {
  return applyDecorators(Controller(), UseFilters(new EventFailureFilter()));
}

/** The method gets (payload, EventContext); the payload is checked, and null for a tombstone. */
export function OnEvent(contract: Pick<EventContract<unknown>, 'topic'>): MethodDecorator {
  return eventMethod(contract.topic, {});
}

/**
 * The method gets (payloads, EventContext), many at once. When it throws, the events come again one by one, so that only
 * the one to blame goes to the dead letters: it must work in one transaction.
 */
export function OnEventBatch(contract: Pick<EventContract<unknown>, 'topic'>): MethodDecorator {
  return eventMethod(contract.topic, { [BATCH_EXTRA]: true });
}

export function isBatchHandler(extras: Readonly<Record<string, unknown>> | undefined): boolean {
  return extras?.[BATCH_EXTRA] === true;
}

/** An `@EventPattern` method; without the parameter decorators Nest would hand over the payload only. */
function eventMethod(topic: string, extras: Record<string, unknown>): MethodDecorator {
  return applyDecorators(EventPattern(topic, extras), (target: object, method?: string | symbol) => {
    if (method === undefined) return;
    Payload()(target, method, 0);
    Ctx()(target, method, 1);
  });
}
