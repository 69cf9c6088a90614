import { identifyGpu } from '@gpubroker/provider-adapter/normalise';

/**
 * What a buyer means who leaves the build out: the board that most clouds sell under the bare name (SPEC C1). Ingestion
 * never does this; a question may, because the answer says what it resolved to.
 */
const USUAL_BUILD: ReadonlyMap<string, string> = new Map([
  ['H100', 'H100-SXM'],
  ['H800', 'H800-SXM'],
  ['A100', 'A100-80GB-SXM'],
  ['A100-80GB', 'A100-80GB-SXM'],
  ['A100-40GB', 'A100-40GB-SXM'],
  ['A100-SXM', 'A100-80GB-SXM'],
  ['A100-PCIE', 'A100-80GB-PCIE'],
  ['V100', 'V100-SXM2-16GB'],
  ['V100-SXM2', 'V100-SXM2-16GB'],
  ['V100-16GB', 'V100-SXM2-16GB'],
  ['V100-SXM2-16GB', 'V100-SXM2-16GB'],
  ['V100-32GB', 'V100-SXM2-32GB'],
  ['GH200', 'GH200-96GB'],
  ['RTX-PRO-6000', 'RTX-PRO-6000-WS'],
]);

/** The canonical model that a name, an alias or a bare family stands for; null for a card nobody knows. */
export function resolveGpu(name: string): string | null {
  const { gpuType, match } = identifyGpu({ name });
  if (match === 'unknown') return null;
  if (match === 'family') return USUAL_BUILD.get(gpuType) ?? null;
  return gpuType;
}
