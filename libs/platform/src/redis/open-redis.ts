import type { Logger } from 'pino';
import type { HealthRegistry } from '../health/health.registry';
import type { ServiceMetrics } from '../metrics/service-metrics';
import { RedisLink } from './redis-link';

export interface RedisSurroundings {
  readonly service: string;
  readonly logger: Logger;
  readonly metrics: ServiceMetrics;
  readonly health: HealthRegistry;
}

/** A Redis that comes and goes by the second must not fill the log. */
const WARN_EVERY_MS = 10_000;

/** The process's Redis, shown in /health, /metrics and the log; null where REDIS_URL is not set. */
export async function openRedis(url: string | undefined, around: RedisSurroundings): Promise<RedisLink | null> {
  if (url === undefined) return null;
  const { service, logger, metrics, health } = around;
  let warnedAt = -WARN_EVERY_MS;
  const link = await RedisLink.open({
    url,
    service,
    onChange: (up, reason) => {
      if (up) logger.info('Redis is back');
      else if (performance.now() - warnedAt >= WARN_EVERY_MS) {
        warnedAt = performance.now();
        logger.warn({ reason }, 'Redis is away: limits are counted by each process for itself, and nothing is cached');
      }
    },
  });
  metrics.gauge('gpubroker_redis_up', 'Whether Redis answers: 1 or 0', [], (gauge) => {
    gauge.set(link.isUp ? 1 : 0);
  });
  health.add({ name: 'cache', critical: () => false, check: () => ({ up: link.isUp }) });
  return link;
}
