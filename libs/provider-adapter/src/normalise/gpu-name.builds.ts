import { gpuModel } from './gpu-models';
import type { BuiltFamily } from './gpu-name.aliases';
import type { GpuForm, GpuNameParts } from './gpu-name.tokens';
import { nearestSize } from './gpu-memory';

/** What is known of a card whose name is that of a family. */
export interface BuildFacts {
  readonly form: GpuForm | null;
  readonly edition: GpuNameParts['edition'];
  /** Reported or written in the name, GiB; null unknown. */
  readonly memoryGib: number | null;
  readonly hbm3: boolean;
}

export interface Build {
  /** A model of the table, or as much of a name as the facts allow: `A100-40GB`, `V100-FHHL-16GB`, `H100`. */
  readonly name: string;
  /** null where the name stands for cards that have nothing in common. */
  readonly family: string | null;
}

/** Names the build as far as the facts go. Nothing is guessed: an H100 of unknown form stays an H100. */
export function resolveBuild(family: BuiltFamily, facts: BuildFacts): Build {
  switch (family) {
    case 'H100':
      return h100(facts);
    case 'H200':
      return build('H200', h200Name(facts));
    case 'H800':
      return build('H800', withParts('H800', facts.form));
    case 'A100':
      return build('A100', withParts('A100', sizePart(facts, [40, 80]), facts.form));
    case 'A800':
      return build('A800', sizeOf(facts, [40, 80]) === 40 ? 'A800-40GB' : 'A800-80GB');
    case 'V100':
      return build('V100', v100Name(facts));
    case 'GH200':
      return build('GH200', gh200Name(facts));
    case 'RTX-PRO-6000':
      return build('RTX-PRO-6000', withParts('RTX-PRO-6000', facts.edition));
    case 'RTX-3080':
      return build('RTX-3080', sizeOf(facts, [10, 12]) === 12 ? 'RTX-3080-12GB' : 'RTX-3080');
    case 'RTX-4000':
    case 'RTX-5000':
    case 'RTX-6000':
      return sharedName(family, facts);
  }
}

function build(family: string, name: string): Build {
  return { family, name };
}

function h100(facts: BuildFacts): Build {
  const sxmByMemory = facts.form === null && facts.hbm3 && sizeOf(facts, [80, 94]) === 80;
  return build('H100', withParts('H100', sxmByMemory ? 'SXM' : facts.form));
}

/**
 * "H200" is what the SXM board calls itself; the other one always says NVL. With a memory that no H200 has, the name is
 * no board's: one cloud's list of types has an "H200_96GB".
 */
function h200Name(facts: BuildFacts): string {
  if (facts.memoryGib !== null && sizeOf(facts, [141]) === null) return 'H200';
  return facts.form === 'NVL' ? 'H200-NVL' : 'H200-SXM';
}

function v100Name(facts: BuildFacts): string {
  const size = sizePart(facts, [16, 32]);
  if (facts.form === 'PCIE') return 'V100-PCIE';
  // FHHL is a third board: slower than the PCIe card, so it must not pass for one.
  return withParts('V100', facts.form === 'SXM' ? 'SXM2' : facts.form, size);
}

/** Sold as 96 and 141/144 GB of HBM; clouds also count the 480 GB of the CPU (480 and 624 in all). */
function gh200Name(facts: BuildFacts): string {
  if (facts.memoryGib === 480) return 'GH200-96GB';
  const size = sizeOf(facts, [96, 141, 144]);
  if (size === null) return 'GH200';
  return size === 96 ? 'GH200-96GB' : 'GH200-141GB';
}

/** Names that several cards carry. Only their memory tells them apart, and without it they have nothing in common. */
const CARDS_OF_NAME = {
  'RTX-4000': { 8: 'QUADRO-RTX-4000', 20: 'RTX-4000-ADA' },
  'RTX-5000': { 16: 'QUADRO-RTX-5000', 32: 'RTX-5000-ADA' },
  'RTX-6000': { 24: 'QUADRO-RTX-6000', 48: 'RTX-6000-ADA', 96: 'RTX-PRO-6000' },
} as const;

function sharedName(name: keyof typeof CARDS_OF_NAME, facts: BuildFacts): Build {
  const cards: Readonly<Record<number, string>> = CARDS_OF_NAME[name];
  const card = cards[sizeOf(facts, Object.keys(cards).map(Number)) ?? 0];
  return card === undefined ? { family: null, name } : build(card, card);
}

function sizeOf({ memoryGib }: BuildFacts, sizes: readonly number[]): number | null {
  return memoryGib === null ? null : nearestSize(memoryGib, sizes);
}

function sizePart(facts: BuildFacts, sizes: readonly number[]): string | null {
  const size = sizeOf(facts, sizes);
  return size === null ? null : `${size}GB`;
}

function withParts(base: string, ...parts: readonly (string | null)[]): string {
  return [base, ...parts.filter((part) => part !== null)].join('-');
}

/** Sizes of the build's model, or of all models that the partial name may still mean. */
export function sizesOfBuild({ name, family }: Build): readonly number[] {
  const exact = gpuModel(name);
  if (exact !== null) return exact.vramGb;
  if (/-(\d+)GB\b/.test(name)) return [Number(/-(\d+)GB\b/.exec(name)?.[1])];
  return SIZES_OF_FAMILY[family ?? ''] ?? [];
}

const SIZES_OF_FAMILY: Readonly<Record<string, readonly number[]>> = {
  H100: [80, 94],
  H200: [141],
  H800: [80, 94],
  A100: [40, 80],
  V100: [16, 32],
  GH200: [96, 141],
  'RTX-PRO-6000': [96],
};
