import { Injectable } from '@nestjs/common';
import type { GpuRate } from '../catalog/unit-costs';
import { OfferRecorder } from '../recording/offer-recorder';
import { SyncLeases } from '../recording/sync-lease';

const LEASE = 'gpu_rates';

/** $1 catalogue version · $2 rates as JSON, members named as the columns */
const RECORD_SQL = `
  INSERT INTO providers.gpu_rates
    (gpu_type, gpu_model, tokens_per_second, gflops, reason, assumptions, catalogue_version, changed_at)
  SELECT gpu_type, gpu_model, tokens_per_second, gflops, reason, assumptions, $1::bigint, now()
  FROM jsonb_to_recordset($2::jsonb) AS rate(gpu_type text, gpu_model text, tokens_per_second double precision,
    gflops double precision, reason text, assumptions jsonb)
  ON CONFLICT (gpu_type) DO UPDATE SET gpu_model = EXCLUDED.gpu_model, tokens_per_second = EXCLUDED.tokens_per_second,
    gflops = EXCLUDED.gflops, reason = EXCLUDED.reason, assumptions = EXCLUDED.assumptions,
    catalogue_version = EXCLUDED.catalogue_version, changed_at = EXCLUDED.changed_at`;

/** Writes rates under a catalogue version of their own, for every replica to show the same costs from the same state on. */
@Injectable()
export class GpuRatesRecorder {
  constructor(
    private readonly leases: SyncLeases,
    private readonly recorder: OfferRecorder,
  ) {}

  /** @returns false when another replica is at it: what it writes is what this one would */
  async record(rates: readonly GpuRate[]): Promise<boolean> {
    const lease = await this.leases.take(LEASE);
    if (lease === null) return false;
    try {
      const rows = JSON.stringify(rates.map(toRow));
      await this.recorder.inNextVersion(lease, (manager, version) => manager.query(RECORD_SQL, [version, rows]));
      return true;
    } finally {
      await lease.release(0).catch(() => undefined);
    }
  }
}

const toRow = ({ gpuType, gpuModel, tokensPerSecond, gflops, reason, assumptions }: GpuRate) => ({
  gpu_type: gpuType,
  gpu_model: gpuModel,
  tokens_per_second: tokensPerSecond,
  gflops,
  reason,
  assumptions,
});
