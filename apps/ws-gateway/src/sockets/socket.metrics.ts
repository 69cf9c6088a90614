import { Injectable } from '@nestjs/common';
import type { ErrorCode } from '@gpubroker/contracts/errors';
import { ServiceMetrics } from '@gpubroker/platform/metrics';
import type { Counter } from 'prom-client';
import type { CutReason } from './upkeep';

@Injectable()
export class SocketMetrics {
  private readonly openings: Counter;
  private readonly cuts: Counter<'reason'>;
  private readonly mistakes: Counter<'code'>;

  constructor(private readonly metrics: ServiceMetrics) {
    this.openings = metrics.counter('gpubroker_ws_connections_total', 'Sockets opened');
    this.cuts = metrics.counter('gpubroker_ws_cuts_total', 'Sockets cut by us', ['reason']);
    this.mistakes = metrics.counter('gpubroker_ws_client_errors_total', 'Messages of clients that were refused', [
      'code',
    ]);
  }

  countClients(read: () => number): void {
    this.metrics.gauge('gpubroker_ws_clients', 'Sockets open at this moment', [], (gauge) => gauge.set(read()));
  }

  opened(): void {
    this.openings.inc();
  }

  cut(reason: CutReason): void {
    this.cuts.inc({ reason });
  }

  mistake(code: ErrorCode): void {
    this.mistakes.inc({ code });
  }
}
