export { MetricsController } from './metrics.controller';
export { reportCircuits, type ReportedCircuit } from './report-circuits';
export { ServiceMetrics } from './service-metrics';
