import type { GpuMatch } from '../adapter/provider-offer';
import { gpuMemory, reportedGib, type ReportedMemory } from './gpu-memory';
import { gpuModel, GPU_MODELS, type GpuVendor } from './gpu-models';
import { GPU_ALIASES, type AliasTarget } from './gpu-name.aliases';
import { resolveBuild, sizesOfBuild } from './gpu-name.builds';
import { gpuNameParts, type GpuForm, type GpuNameParts } from './gpu-name.tokens';

/** What a cloud says about a GPU. */
export interface GpuReport extends ReportedMemory {
  readonly name: string;
  /** Known from elsewhere than the name (an instance type, a socket field). The name wins. */
  readonly form?: GpuForm | null;
}

export interface GpuIdentity {
  /** Canonical model; a partial one (`A100-40GB`, `H100`) when match is `family`; the cleaned name when unknown. */
  readonly gpuType: string;
  readonly gpuFamily: string | null;
  readonly match: GpuMatch;
  readonly vendor: GpuVendor | null;
  /** Of one whole GPU, GB. */
  readonly memoryGb: number | null;
  /** The reported memory is none that the maker ships. */
  readonly oddMemory: boolean;
  /** Part of a GPU that is sold, 1 for a whole one: memory of the slice over memory of the card. */
  readonly fraction: number;
}

const MAX_NAME_LENGTH = 100;
const FAMILY_VENDOR = new Map(GPU_MODELS.map(({ family, vendor }) => [family, vendor]));

/**
 * Which card a cloud means. Whole names are looked up in a table; nothing is searched inside a name, and what a name
 * leaves open stays open. An unknown name is kept, cleaned, so that a new card shows up and does not vanish.
 */
export function identifyGpu(report: GpuReport): GpuIdentity {
  const parts = gpuNameParts(report.name);
  const target = GPU_ALIASES.get(parts.key);
  if (target === undefined) return unknownGpu(report);
  const card = wholeCard(report, parts, target);
  if (card === null) return unknownGpu(report);
  // Which part of its card a slice is has to be known: taken for a whole one it would be the cheapest of all.
  return parts.slice && (parts.sliceGb === null || card.memoryGb === null) ? unknownGpu(report) : card;
}

/** null: the name stands for several cards, and nothing says which. */
function wholeCard(report: GpuReport, parts: GpuNameParts, target: AliasTarget): GpuIdentity | null {
  const memory = memoryOfCard(report, parts);
  if (target.kind === 'model') {
    const known = gpuModel(target.canonical);
    return identity(target.canonical, known?.family ?? null, parts, memory, known?.vramGb ?? [], report.name);
  }
  const facts = {
    form: parts.form ?? report.form ?? null,
    edition: parts.edition,
    memoryGib: reportedGib(memory),
    hbm3: parts.hbm3,
  };
  const build = resolveBuild(target.family, facts);
  if (build.family === null) return null;
  // GH200 names count the CPU's memory in; a total is not the GPU's.
  const ofGpu = build.family === 'GH200' && (reportedGib(memory) ?? 0) >= 480 ? {} : memory;
  return identity(build.name, build.family, parts, ofGpu, sizesOfBuild(build), report.name);
}

/** A slice reports its own memory; of the card it is cut from only the name tells. */
function memoryOfCard(report: GpuReport, parts: GpuNameParts): ReportedMemory {
  return !parts.slice && reportedGib(report) !== null ? report : { gb: parts.memoryGb ?? undefined };
}

function identity(
  gpuType: string,
  gpuFamily: string | null,
  parts: GpuNameParts,
  reported: ReportedMemory,
  sizes: readonly number[],
  name: string,
): GpuIdentity {
  const memory = gpuMemory(reported, sizes);
  return {
    gpuType,
    gpuFamily,
    match: matchOf(gpuType, name),
    vendor: FAMILY_VENDOR.get(gpuFamily ?? '') ?? null,
    memoryGb: memory.gb,
    oddMemory: memory.odd,
    fraction: parts.sliceGb !== null && memory.gb !== null ? parts.sliceGb / memory.gb : 1,
  };
}

function matchOf(gpuType: string, name: string): GpuMatch {
  if (gpuModel(gpuType) === null) return 'family';
  return name.toUpperCase().replace(/[\s_]+/g, '-') === gpuType ? 'exact' : 'alias';
}

function unknownGpu(report: GpuReport): GpuIdentity {
  const gib = reportedGib(report);
  return {
    gpuType: cleanName(report.name),
    gpuFamily: null,
    match: 'unknown',
    vendor: null,
    memoryGb: gib === null ? null : Math.round(gib * 100) / 100,
    oddMemory: false,
    fraction: 1,
  };
}

/** Words that price lists write where a machine has no GPU: "None", "N/A", "CPU_NODE". */
export function namesNoGpu(name: string): boolean {
  return /^(?:none|null|n\/?a|no[ _-]?gpu|cpu(?:[ _-].*)?)$/i.test(name.trim());
}

/** Printable, one line, at most 100 characters: it comes from outside and is shown, filtered by and used as a label. */
function cleanName(name: string): string {
  const clean = name
    .normalize('NFKC')
    .replace(/[\p{C}<>]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return clean === '' ? 'unknown' : clean.slice(0, MAX_NAME_LENGTH);
}
