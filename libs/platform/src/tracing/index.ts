import './start-tracing';

export {
  attachTrace,
  currentTrace,
  parseTraceparent,
  runInTrace,
  traceContextFor,
  traceIdOf,
  traceparent,
  type TraceContext,
} from './trace-context';
