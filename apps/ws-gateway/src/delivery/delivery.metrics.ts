import { Injectable } from '@nestjs/common';
import { ServiceMetrics } from '@gpubroker/platform/metrics';
import type { Histogram } from 'prom-client';

const SECONDS = [0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.35, 0.5, 1, 2.5, 5, 10, 60];

@Injectable()
export class DeliveryMetrics {
  private readonly latency: Histogram;

  constructor(metrics: ServiceMetrics) {
    this.latency = metrics.histogram(
      'gpubroker_ws_delivery_seconds',
      'From the commit of a price change to its handing over to every socket',
      [],
      SECONDS,
    );
  }

  /** @param committedAt ms since 1970 by the database's clock, which may be a little ahead of ours */
  delivered(committedAt: number): void {
    this.latency.observe(Math.max(0, Date.now() - committedAt) / 1_000);
  }
}
