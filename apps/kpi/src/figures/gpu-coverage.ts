import type { CoveredAs } from '@gpubroker/contracts/kpi';
import { identifyGpu } from '@gpubroker/provider-adapter/normalise';
import type { KnownGpu } from '../projection/known-gpus';

export interface GpuCoverage {
  /** Canonical model or family. */
  readonly gpuType: string;
  readonly coveredAs: CoveredAs;
  /** Names under which offers have it. */
  readonly covers: readonly string[];
}

/**
 * What a name stands for among the GPUs that offers have: one model (by its name or an alias), or everything that a family
 * or a part of a name leaves open (`A100` is every A100, `A100-40GB` each of 40 GB). Null when no offer ever had it.
 */
export function gpuCoverage(name: string, known: readonly KnownGpu[]): GpuCoverage | null {
  const { gpuType, gpuFamily, match } = identifyGpu({ name });
  if (match === 'unknown') return asNamed(name, known);
  if (match !== 'family') return covering(gpuType, 'model', known, (gpu) => gpu.gpu_type === gpuType);
  const wanted = words(gpuType);
  const isWhole = gpuType === gpuFamily;
  return covering(
    gpuType,
    'family',
    known,
    (gpu) => gpu.gpu_family === gpuFamily && (isWhole || wanted.every((word) => words(gpu.gpu_type).includes(word))),
  );
}

/** A card of no table keeps the name that its cloud gives it. */
function asNamed(name: string, known: readonly KnownGpu[]): GpuCoverage | null {
  const wanted = name.trim().toLowerCase();
  const model = known.find(({ gpu_type }) => gpu_type.toLowerCase() === wanted)?.gpu_type;
  if (model !== undefined) return covering(model, 'model', known, (gpu) => gpu.gpu_type === model);
  const family = known.find(({ gpu_family }) => gpu_family?.toLowerCase() === wanted)?.gpu_family;
  if (family === undefined || family === null) return null;
  return covering(family, 'family', known, (gpu) => gpu.gpu_family === family);
}

function covering(
  gpuType: string,
  coveredAs: CoveredAs,
  known: readonly KnownGpu[],
  isMeant: (gpu: KnownGpu) => boolean,
): GpuCoverage | null {
  const covers = known.filter(isMeant).map(({ gpu_type }) => gpu_type);
  return covers.length === 0 ? null : { gpuType, coveredAs, covers };
}

const words = (gpuType: string): readonly string[] => gpuType.split('-');
