export { MetricsController } from './metrics.controller';
export { ServiceMetrics } from './service-metrics';
