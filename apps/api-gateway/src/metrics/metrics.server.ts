import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { ApiError } from '@gpubroker/platform/errors';
import { ServiceMetrics } from '@gpubroker/platform/metrics';
import { GATEWAY_CONFIG } from '../api-gateway.tokens';
import type { ApiGatewayConfig } from '../api-gateway.config';

/** SPEC G5: in production the gateway's numbers are shown on METRICS_PORT only, which no balancer publishes. */
@Injectable()
export class MetricsServer implements OnApplicationShutdown {
  private server: Server | null = null;

  constructor(
    @Inject(GATEWAY_CONFIG) private readonly config: ApiGatewayConfig,
    private readonly metrics: ServiceMetrics,
  ) {}

  /** @throws the listen error when the port cannot be had */
  async install(fastify: FastifyInstance): Promise<void> {
    if (!this.config.production) return;
    hidePublicMetrics(fastify);
    this.server = createServer((request, response) => {
      const known = request.url === '/metrics' && request.method === 'GET';
      void this.answer(known).then(({ status, text }) => {
        response.writeHead(status, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text);
      });
    });
    this.server.listen(this.config.metricsPort, this.config.host);
    await once(this.server, 'listening');
  }

  /** 0 when it does not listen. */
  get port(): number {
    const address = this.server?.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  onApplicationShutdown(): void {
    this.server?.close();
    this.server?.closeAllConnections();
  }

  private async answer(known: boolean): Promise<{ status: number; text: string }> {
    return known
      ? { status: 200, text: await this.metrics.text() }
      : { status: 404, text: 'only GET /metrics is here\n' };
  }
}

function hidePublicMetrics(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    done(request.routeOptions.url === '/metrics' ? new ApiError('NOT_FOUND', 'Not found') : undefined);
  });
}
