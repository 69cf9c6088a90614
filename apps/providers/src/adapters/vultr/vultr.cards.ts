/** Memory of one card in Vultr's own counting, GB. A plan's share or count follows from it where no count is given. */
const CARD_GB: Readonly<Record<string, number>> = {
  a16: 16,
  a40: 48,
  a100: 80,
  l40: 48,
  l40s: 48,
  h100: 80,
  h200: 141,
  gh200: 96,
  b200: 192,
  mi300x: 192,
  mi355x: 288,
  // No MI325X: 1,536 GB is six of 256 or eight of 192, and two public readers of this list disagree.
};

/** What the id and the GPU members of a plan say, before any price. */
export interface VultrGpu {
  /** Name for identifyGpu(). */
  readonly name: string;
  /** As the cloud writes it. */
  readonly upstreamName: string;
  /** Cards, or the part of one; null when nothing tells. */
  readonly count: number | null;
  /** Of one whole card, GB; undefined when nothing tells. */
  readonly cardGb: number | undefined;
  /** Of the whole plan, GB. */
  readonly totalGb: number | null;
}

export interface VultrGpuFields {
  readonly id: string;
  readonly gpu_type?: string | null;
  readonly gpu_count?: number | string | null;
  readonly gpu_vram_gb?: number | null;
}

/** null: the plan has no GPU. */
export function vultrGpu(plan: VultrGpuFields): VultrGpu | null {
  const fromId = gpuOfId(plan.id);
  const type = nonEmpty(plan.gpu_type);
  if (type === null && fromId === null) return null;
  const upstreamName = type ?? fromId?.model ?? '';
  const model = modelOf(upstreamName);
  const totalGb = positive(plan.gpu_vram_gb) ?? fromId?.totalGb ?? null;
  const count = countOf(readCount(plan.gpu_count) ?? fromId?.count ?? null, totalGb, CARD_GB[model] ?? null);
  return {
    name: nameOf(upstreamName, model, plan.id),
    upstreamName,
    count,
    cardGb: CARD_GB[model] ?? (totalGb !== null && count !== null && count >= 1 ? totalGb / count : undefined),
    totalGb,
  };
}

/** Cloud plans are `vcg-<model>-…-<total>vram`, metal ones `vbm-…[-<count>]-<model>-gpu`. */
function gpuOfId(id: string): { model: string; count: number | null; totalGb: number | null } | null {
  const metal = /^vbm-.*?(?:-(\d{1,2}))?-([a-z][a-z0-9]*)-gpu$/.exec(id);
  if (metal?.[2] !== undefined) {
    const [, count, model] = metal;
    // Only a Grace Hopper machine, which is one superchip, goes without a count.
    return { model, count: count === undefined ? (model === 'gh200' ? 1 : null) : Number(count), totalGb: null };
  }
  const cloud = /^vcg-([a-z0-9]+)-/.exec(id);
  if (cloud?.[1] === undefined) return null;
  const total = /-(\d+)vram(?:-|$)/.exec(id)?.[1];
  return { model: cloud[1], count: null, totalGb: total === undefined ? null : Number(total) };
}

function nameOf(upstreamName: string, model: string, id: string): string {
  // The bare metal plan whose id says L40 has the L40S in it; its gpu_type, where there is one, says so.
  if (model === 'l40' && id.startsWith('vbm-')) return 'L40S';
  // Eight linked H100 in one machine are an HGX board, which takes SXM modules only.
  if (model === 'h100' && /-8-h100-gpu$/.test(id)) return 'H100 SXM';
  return upstreamName;
}

/** `NVIDIA_HGX_A100_SXM`, `NVIDIA_A100` and `a100` are one model for the size of a card. */
function modelOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/^(?:nvidia|amd)_/, '')
    .replace(/^hgx_/, '')
    .replace(/_(?:sxm\d?|pcie)$/, '');
}

/** Integers on metal, text on cloud plans, "1/4" included. */
function readCount(value: number | string | null | undefined): number | null {
  if (typeof value === 'number') return positive(value);
  const [, part, whole] = /^\s*(\d+)(?:\s*\/\s*(\d+))?\s*$/.exec(value ?? '') ?? [];
  if (part === undefined) return null;
  return positive(Number(part) / Number(whole ?? 1));
}

/** A count that the plan's memory contradicts is the memory's: 4 GB are no whole A100. */
function countOf(stated: number | null, totalGb: number | null, cardGb: number | null): number | null {
  if (totalGb === null || cardGb === null) return stated;
  const byMemory = totalGb / cardGb;
  if (byMemory < 0.9) return stated !== null && stated < 1 ? stated : byMemory;
  if (stated !== null) return stated;
  const whole = Math.round(byMemory);
  return Math.abs(byMemory - whole) < 0.05 * whole ? whole : null;
}

function nonEmpty(text: string | null | undefined): string | null {
  return text === null || text === undefined || text === '' || /^none$/i.test(text) ? null : text;
}

function positive(value: number | null | undefined): number | null {
  return value !== null && value !== undefined && Number.isFinite(value) && value > 0 ? value : null;
}
