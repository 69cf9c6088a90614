import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../auth/access.decorators';
import { HealthService, type HealthAnswer } from './health.service';

@ApiExcludeController()
@Public()
@Controller('health')
export class HealthController {
  constructor(private readonly health: HealthService) {}

  /** 200 when able to serve, 503 when not; `?probe=live` only says that the process answers and touches no dependency. */
  @Get()
  async read(
    @Query('probe') probe: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<HealthAnswer | { status: 'ok'; timestamp: string }> {
    if (probe === 'live') return { status: 'ok', timestamp: new Date().toISOString() };
    const { able, answer } = await this.health.read();
    void reply.status(able ? 200 : 503);
    return answer;
  }
}
