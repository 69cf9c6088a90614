import type { GpuForm, GpuReport } from '@gpubroker/provider-adapter/normalise';
import { azureSize } from '../azure/azure.sizes';
import type { CatalogRow } from './catalog.columns';
import { memoryFromGpuInfo } from './catalog.gpu-info';

/** What a catalog row means: the names of catalogs say less, and in part other things, than those of the clouds. */
export interface CatalogGpu {
  readonly gpu: GpuReport;
  readonly gpuCount: number;
}

/** In SkyPilot's catalog a bare name means the first card of that name; later ones carry their memory. */
const MEMORY_OF_BARE_NAME: Readonly<Record<string, number>> = { A100: 40, V100: 16, P100: 16, RTX6000: 24 };

/** The auction's floor per GPU is all that these clouds' files hold: the same figure in both price columns. */
const AUCTION_CLOUDS = new Set(['mithril']);

/** @param count accelerators by the row's own word, above 0 */
export function catalogGpu(cloud: string, row: CatalogRow, count: number): CatalogGpu {
  // Azure's fractional sizes (a sixth of an A10) are catalogued as one whole GPU.
  const size = cloud === 'azure' ? azureSize(row.instanceType) : null;
  if (size !== null) return { gpu: { name: size.gpu, gb: size.gpuMemoryGb }, gpuCount: size.gpuCount };
  const name = row.acceleratorName;
  const told = memoryFromGpuInfo(row.gpuInfo);
  const memory = told.mib === undefined && told.gb === undefined ? { gb: memoryOfBareName(cloud, name) } : told;
  return { gpu: { name, ...memory, form: formOf(cloud, row) }, gpuCount: count };
}

/** Nebius' platform "gpu-rtx6000" is the RTX PRO 6000, of which the catalog writes as much as of the Quadro. */
function memoryOfBareName(cloud: string, name: string): number | undefined {
  return cloud === 'nebius' && name === 'RTX6000' ? 96 : MEMORY_OF_BARE_NAME[name];
}

/** True when the prices of the row are lowest bids, not prices one will go on paying. */
export function isAuctionFloor(cloud: string, row: CatalogRow): boolean {
  return AUCTION_CLOUDS.has(cloud) && Number(row.price) === Number(row.spotPrice);
}

/** Board form from the instance type, where the accelerator's name leaves it out. */
function formOf(cloud: string, row: CatalogRow): GpuForm | null {
  const word = /(?:^|[^a-z0-9])(sxm\d?|pcie|nvl)(?:[^a-z]|$)/i.exec(row.instanceType)?.[1]?.toLowerCase();
  if (word !== undefined) return word.startsWith('sxm') ? 'SXM' : word === 'nvl' ? 'NVL' : 'PCIE';
  if (cloud === 'verda') return verdaForm(row.instanceType);
  // RunPod's short name: the SXM board has a name of its own there.
  return cloud === 'runpod' && row.acceleratorName === 'H100' ? 'PCIE' : null;
}

/** "1H100.80S.32V": the S behind the memory. A100 types carry no letter and are SXM, all of them. */
function verdaForm(instanceType: string): GpuForm | null {
  return /\.\d+S(?:\.|$)/.test(instanceType) || /^\d+A100\./.test(instanceType) ? 'SXM' : null;
}
