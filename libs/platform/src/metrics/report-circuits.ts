import type { CircuitKind } from '@gpubroker/circuit-breaker';
import type { ServiceMetrics } from './service-metrics';

/** What is read of a breaker. */
export interface ReportedCircuit {
  readonly name: string;
  readonly state: { readonly kind: CircuitKind };
}

const STATE_VALUE: Readonly<Record<CircuitKind, number>> = { closed: 0, half_open: 1, open: 2 };

/** `gpubroker_breaker_state{name}` (SPEC §11). @param circuits asked anew at each scrape: some are made when first needed */
export function reportCircuits(metrics: ServiceMetrics, circuits: () => Iterable<ReportedCircuit>): void {
  metrics.gauge(
    'gpubroker_breaker_state',
    'Circuit round whatever is asked: 0 closed, 1 half open, 2 open',
    ['name'],
    (gauge) => {
      for (const { name, state } of circuits()) gauge.set({ name }, STATE_VALUE[state.kind]);
    },
  );
}
