/** UUID of the event, the same in every delivery and every replay: what consumers dedupe by. */
export const EVENT_ID_HEADER = 'event-id';
/** Version of the payload's schema, a whole number. An event without it is of an unknown version. */
export const EVENT_VERSION_HEADER = 'event-version';
/** W3C Trace Context of the request or job that caused the event. */
export const TRACEPARENT_HEADER = 'traceparent';
