export { EventContext } from './event-context';
export { EventHandlers, OnEvent, OnEventBatch } from './event-handlers.decorator';
export { EventServer, type EventServerOptions } from './event-server';
