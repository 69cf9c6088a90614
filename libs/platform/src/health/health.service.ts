import { Injectable, ServiceUnavailableException } from '@nestjs/common';
import {
  HealthCheckService,
  HealthIndicatorService,
  type HealthCheckResult,
  type HealthIndicatorResult,
} from '@nestjs/terminus';
import { HealthRegistry, type HealthCheck, type HealthReport } from './health.registry';

/** A dependency that hangs must not hold the answer: SPEC G7 gives the whole of it 100 ms. */
const CHECK_DEADLINE_MS = 60;

export interface HealthAnswer {
  readonly status: 'ok' | 'degraded' | 'down' | 'draining';
  readonly timestamp: string;
  readonly [member: string]: unknown;
}

@Injectable()
export class HealthService {
  constructor(
    private readonly registry: HealthRegistry,
    private readonly terminus: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
  ) {}

  async read(): Promise<{ able: boolean; answer: HealthAnswer }> {
    const { details } = await this.runChecks();
    const down = this.registry.checks.filter(({ name }) => details[name]?.status !== 'up');
    const blocked = down.some((check) => check.critical());
    const able = !blocked && !this.registry.isDraining;
    return {
      able,
      answer: {
        status: this.statusWord(blocked, down.length > 0),
        ...membersOf(details),
        timestamp: new Date().toISOString(),
      },
    };
  }

  private statusWord(blocked: boolean, anyDown: boolean): HealthAnswer['status'] {
    if (this.registry.isDraining) return 'draining';
    if (blocked) return 'down';
    return anyDown ? 'degraded' : 'ok';
  }

  /** Terminus answers a failed check by throwing; the result is inside. */
  private async runChecks(): Promise<HealthCheckResult> {
    try {
      return await this.terminus.check(this.registry.checks.map((check) => () => this.indicate(check)));
    } catch (failed) {
      if (failed instanceof ServiceUnavailableException) return failed.getResponse() as HealthCheckResult;
      throw failed;
    }
  }

  private async indicate(check: HealthCheck): Promise<HealthIndicatorResult> {
    const { up, detail } = await withDeadline(check);
    const indicator = this.indicators.check(check.name);
    const data: Record<string, unknown> = detail === undefined ? {} : { detail };
    return up ? indicator.up(data) : indicator.down(data);
  }
}

/** `database` and `cache` are always members (SPEC G7), `none` where the service has none. */
function membersOf(results: HealthIndicatorResult): Record<string, unknown> {
  const members: Record<string, unknown> = { database: 'none', cache: 'none' };
  const facts: Record<string, unknown> = {};
  for (const [name, result] of Object.entries(results)) {
    members[name] = result.status;
    if ('detail' in result) facts[name] = result.detail;
  }
  return { ...members, details: facts };
}

async function withDeadline({ check }: HealthCheck): Promise<HealthReport> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<HealthReport>((resolve) => {
    timer = setTimeout(() => {
      resolve({ up: false, detail: 'no answer in time' });
    }, CHECK_DEADLINE_MS);
  });
  try {
    return await Promise.race([Promise.resolve().then(check), deadline]);
  } catch {
    return { up: false };
  } finally {
    clearTimeout(timer);
  }
}
