import type { SqlExecutor } from '@gpubroker/events/outbox';

export interface KnownGpu {
  readonly gpu_type: string;
  readonly gpu_family: string | null;
}

/** Every GPU that any offer ever had, by hops along the index: a hundred names among a hundred thousand rows. */
const KNOWN_GPUS_SQL = `
  WITH RECURSIVE hop AS (
    SELECT min(gpu_type) AS gpu_type FROM kpi.offers
    UNION ALL
    SELECT (SELECT min(gpu_type) FROM kpi.offers AS offer WHERE offer.gpu_type > hop.gpu_type)
    FROM hop WHERE hop.gpu_type IS NOT NULL
  )
  SELECT hop.gpu_type, (SELECT gpu_family FROM kpi.offers AS offer WHERE offer.gpu_type = hop.gpu_type LIMIT 1) AS gpu_family
  FROM hop WHERE hop.gpu_type IS NOT NULL ORDER BY hop.gpu_type`;

export async function knownGpus(connection: SqlExecutor): Promise<readonly KnownGpu[]> {
  return (await connection.query(KNOWN_GPUS_SQL)) as KnownGpu[];
}
