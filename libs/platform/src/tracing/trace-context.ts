import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { trace } from '@opentelemetry/api';

/** W3C Trace Context of the work at hand: 32 and 16 lower-case hex digits. */
export interface TraceContext {
  readonly traceId: string;
  readonly spanId: string;
}

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;
const storage = new AsyncLocalStorage<TraceContext>();

/** From UUIDs, which Node draws by the hundred: asking the system for each id was a seventh of a kept answer's cost. */
const newTraceId = () => randomUUID().replaceAll('-', '');
const newSpanId = () => newTraceId().slice(16);

/** Reads a `traceparent`; null when it is missing or malformed (all-zero ids are malformed by the standard). */
export function parseTraceparent(header: string | undefined): TraceContext | null {
  const match = TRACEPARENT.exec(header ?? '');
  const [, traceId, spanId] = match ?? [];
  if (!traceId || !spanId || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return null;
  return { traceId, spanId };
}

/** The context a request runs in: the caller's trace when it sent one, else OpenTelemetry's, else a new one. */
export function traceContextFor(traceparent: string | undefined): TraceContext {
  const incoming = parseTraceparent(traceparent);
  if (incoming) return { traceId: incoming.traceId, spanId: newSpanId() };
  const active = trace.getActiveSpan()?.spanContext();
  return active ? { traceId: active.traceId, spanId: active.spanId } : { traceId: newTraceId(), spanId: newSpanId() };
}

export const runInTrace = <T>(context: TraceContext, work: () => T): T => storage.run(context, work);

export const currentTrace = (): TraceContext | undefined => storage.getStore();

/** The header that carries the present trace to a peer; undefined outside any trace. */
export function traceparent(): string | undefined {
  const context = currentTrace();
  return context && `00-${context.traceId}-${context.spanId}-01`;
}

const TRACE = Symbol('trace');
type Traced = { [TRACE]?: TraceContext };

export function attachTrace(request: object, context: TraceContext): void {
  (request as Traced)[TRACE] = context;
}

/** The trace id of a request, always the same one; errors that happen before any hook ran still get one. */
export function traceIdOf(request: object): string {
  const traced = request as Traced;
  traced[TRACE] ??= currentTrace() ?? traceContextFor(undefined);
  return traced[TRACE].traceId;
}
