/** The event log of this process: one for all that reads or writes events. */
export const EVENT_LOG = Symbol('event log');
