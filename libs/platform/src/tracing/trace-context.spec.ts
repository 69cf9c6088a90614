import { context, trace, TraceFlags } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import fc from 'fast-check';
import {
  attachTrace,
  currentTrace,
  parseTraceparent,
  runInTrace,
  traceContextFor,
  traceIdOf,
  traceparent,
} from './trace-context';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('parseTraceparent', () => {
  it('reads the ids of a well-formed header', () => {
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-01`)).toEqual({ traceId: TRACE, spanId: SPAN });
  });

  it('never throws, and yields only well-formed ids', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/)),
        (text) => {
          const parsed = parseTraceparent(text);
          if (parsed) expect(`${parsed.traceId}-${parsed.spanId}`).toMatch(/^[0-9a-f]{32}-[0-9a-f]{16}$/);
        },
      ),
    );
  });
});

describe('the present trace', () => {
  it('is known inside the work and nowhere else', async () => {
    const outer = { traceId: TRACE, spanId: SPAN };
    await runInTrace(outer, async () => {
      await Promise.resolve();
      expect(currentTrace()).toBe(outer);
      expect(traceparent()).toBe(`00-${TRACE}-${SPAN}-01`);
    });
    expect(currentTrace()).toBeUndefined();
    expect(traceparent()).toBeUndefined();
  });

  it("is OpenTelemetry's when a span is active and the caller sent none", () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    try {
      const span = trace.wrapSpanContext({ traceId: TRACE, spanId: SPAN, traceFlags: TraceFlags.SAMPLED });
      context.with(trace.setSpan(context.active(), span), () => {
        expect(traceContextFor(undefined)).toEqual({ traceId: TRACE, spanId: SPAN });
        const sent = 'a'.repeat(32);
        expect(traceContextFor(`00-${sent}-${SPAN}-01`).traceId).toBe(sent);
      });
    } finally {
      context.disable();
    }
  });
});

describe('the trace id of a request', () => {
  it('is the attached one', () => {
    const request = {};
    attachTrace(request, { traceId: TRACE, spanId: SPAN });
    expect(traceIdOf(request)).toBe(TRACE);
  });

  it('is made once when no hook has run', () => {
    const request = {};
    expect(traceIdOf(request)).toMatch(/^[0-9a-f]{32}$/);
    expect(traceIdOf(request)).toBe(traceIdOf(request));
  });
});
