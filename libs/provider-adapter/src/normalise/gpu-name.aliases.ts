import { GPU_MODELS } from './gpu-models';

/** Cards that come in several builds: the name alone gives the family, form and memory decide the model. */
export const BUILT_FAMILIES = [
  'H100',
  'H200',
  'H800',
  'A100',
  'A800',
  'V100',
  'GH200',
  'RTX-PRO-6000',
  'RTX-3080',
  'RTX-4000',
  'RTX-5000',
  'RTX-6000',
] as const;
export type BuiltFamily = (typeof BUILT_FAMILIES)[number];

export type AliasTarget =
  { readonly kind: 'model'; readonly canonical: string } | { readonly kind: 'family'; readonly family: BuiltFamily };

const squash = (name: string): string => name.toLowerCase().replaceAll('-', '');

const model = (canonical: string): AliasTarget => ({ kind: 'model', canonical });
const family = (name: BuiltFamily): AliasTarget => ({ kind: 'family', family: name });

/** Spellings that are not the canonical name with its dashes taken out. Keys are whole names, never pieces of one. */
const SPELLINGS: Readonly<Record<string, AliasTarget>> = {
  b300ac: model('B300'),
  v100s: model('V100S-PCIE'),
  mi25: model('RADEON-MI25'),
  radeoninstinctmi25: model('RADEON-MI25'),
  v520: model('RADEON-PRO-V520'),
  hl225: model('GAUDI2'),
  a6000: model('RTX-A6000'),
  a5500: model('RTX-A5500'),
  a5000: model('RTX-A5000'),
  a4500: model('RTX-A4500'),
  a4000: model('RTX-A4000'),
  a2000: model('RTX-A2000'),
  '6000ada': model('RTX-6000-ADA'),
  '5000ada': model('RTX-5000-ADA'),
  '4000ada': model('RTX-4000-ADA'),
  '2000ada': model('RTX-2000-ADA'),
  rtx4000adasff: model('RTX-4000-SFF-ADA'),
  rtx4080s: model('RTX-4080-SUPER'),
  rtx4070s: model('RTX-4070-SUPER'),
  rtx4070sti: model('RTX-4070-TI-SUPER'),
  rtx2080s: model('RTX-2080-SUPER'),
  rtx2070s: model('RTX-2070-SUPER'),
  qrtx8000: model('QUADRO-RTX-8000'),
  qrtx6000: model('QUADRO-RTX-6000'),
  qrtx5000: model('QUADRO-RTX-5000'),
  qrtx4000: model('QUADRO-RTX-4000'),
  rtx8000: model('QUADRO-RTX-8000'),
  rtxpro6000b: family('RTX-PRO-6000'),
  rtx6000pro: family('RTX-PRO-6000'),
};

function aliasTable(): ReadonlyMap<string, AliasTarget> {
  const table = new Map<string, AliasTarget>();
  for (const { canonical } of GPU_MODELS) table.set(squash(canonical), model(canonical));
  // After the models: the bare name of a card with several builds must not stand for one of them.
  for (const name of BUILT_FAMILIES) table.set(squash(name), family(name));
  for (const [spelling, target] of Object.entries(SPELLINGS)) table.set(spelling, target);
  return table;
}

/** Whole name (see GpuNameParts.key) → card. Looked up, never searched in: "a40" must not be found in "rtxa4000". */
export const GPU_ALIASES: ReadonlyMap<string, AliasTarget> = aliasTable();
