export const EVENT_LOG = Symbol('EVENT_LOG');
