import pino, { type DestinationStream, type Logger } from 'pino';
import { currentTrace } from '../tracing/trace-context';
import { redactLine } from './redact';

export interface LoggerOptions {
  readonly service: string;
  readonly level: string;
  /** Where lines go; standard output when absent. */
  readonly destination?: DestinationStream;
}

/** Structured lines with timestamp, level, service, trace_id and message (SPEC G9); one logger per service. */
export function createLogger({
  service,
  level,
  destination = pino.destination({ fd: 1, sync: false }),
}: LoggerOptions): Logger {
  const redacting: DestinationStream = { write: (line) => destination.write(redactLine(line)) };
  return pino(
    {
      level,
      base: { service },
      messageKey: 'message',
      timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      mixin: () => {
        const traceId = currentTrace()?.traceId;
        return traceId ? { trace_id: traceId } : {};
      },
    },
    redacting,
  );
}
