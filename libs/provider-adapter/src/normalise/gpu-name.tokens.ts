/** A GPU name taken apart: what names the card, and what only describes the board around it. */
export interface GpuNameParts {
  /** The words that name the card, joined without separators, lower case: `rtx4090`, `h100`. */
  readonly key: string;
  readonly form: GpuForm | null;
  /** Edition of an RTX PRO 6000. */
  readonly edition: 'WS' | 'MAXQ' | 'SE' | null;
  /** Size written in the name, GB. */
  readonly memoryGb: number | null;
  /** HBM3 in the name: an 80 GB H100 with it is the SXM board, the PCIe one has HBM2e. */
  readonly hbm3: boolean;
  /** The name is of a part of a card (MIG). */
  readonly slice: boolean;
  /** Memory of that part in GB; null where the name does not tell it. */
  readonly sliceGb: number | null;
}

export type GpuForm = 'SXM' | 'PCIE' | 'NVL' | 'FHHL';

/** Words that say nothing about which card it is. */
const NOISE = new Set([
  ...['nvidia', 'amd', 'intel', 'habana', 'geforce', 'tesla', 'instinct', 'gpu', 'accelerator', 'tensor', 'core'],
  ...['graphics', 'card', 'generation', 'gen', 'edition', 'lovelace', 'compute', 'mode', 'memory', 'oam', 'nvlink'],
  ...['mig', 'mega', 'plus', 'hgx', 'dgx', 'baseboard', 'nvl72', 'nvl36', 'nvl4'],
]);

const FORM_WORDS: ReadonlyMap<string, GpuForm> = new Map([
  ['pcie', 'PCIE'],
  ['pci', 'PCIE'],
  ['nvl', 'NVL'],
  ['fhhl', 'FHHL'],
  ...['', '2', '3', '4', '5', '6'].map((generation): [string, GpuForm] => [`sxm${generation}`, 'SXM']),
]);

const EDITION_WORDS: ReadonlyMap<string, 'WS' | 'MAXQ' | 'SE'> = new Map([
  ['workstation', 'WS'],
  ['ws', 'WS'],
  ['wk', 'WS'],
  ['server', 'SE'],
  ['se', 'SE'],
  ['s', 'SE'],
  ['maxq', 'MAXQ'],
]);

/** Names that clouds write in one word, cut where a person would put the space. */
const GLUED: readonly (readonly [RegExp, string])[] = [
  [/\b(geforce|quadro)(?=rtx|gtx)/g, '$1 '],
  [/\b(h100|h200|h800)(sxm\d?|pcie|nvl)\b/g, '$1 $2'],
  [/\b(a100)(sxm\d?|pcie)\b/g, '$1 $2'],
  [/\b(rtxpro\d{4})(ws|wk|se|s|maxq)\b/g, '$1 $2'],
  [/\bpro(?=\d{4}\b)/g, 'pro '],
  // "8xH100", "8 x H100": how many there are.
  [/^\d+ ?x ?(?=[a-z])/, ''],
  [/\bmax[ -]?q\b/g, 'maxq'],
  [/\b(\d+) (gb|gib)\b/g, '$1gb'],
];

/** Sizes that clouds write without a unit behind the name of a card: "A100 SXM4 40". */
const BARE_SIZES: Readonly<Record<string, readonly string[]>> = { a100: ['40', '80'], v100: ['16', '32'] };

export function gpuNameParts(name: string): GpuNameParts {
  const words = wordsOf(name);
  const kept: string[] = [];
  let form: GpuForm | null = null;
  let memoryGb: number | null = null;
  let sliceGb: number | null = null;
  let hbm3 = false;
  const bareSizes = words.flatMap((word) => BARE_SIZES[word] ?? []);
  for (const word of words) {
    const size = /^(\d+(?:\.\d+)?)(?:gb|gib|g)$/.exec(word)?.[1] ?? bareSizes.find((bare) => bare === word);
    const slice = /^\d+g\.(\d+)gb$/.exec(word)?.[1];
    if (slice !== undefined) sliceGb = Number(slice);
    else if (size !== undefined) memoryGb ??= Number(size);
    else if (FORM_WORDS.has(word)) form ??= FORM_WORDS.get(word) ?? null;
    else if (/^hbm\d/.test(word)) hbm3 ||= word === 'hbm3';
    else if (!NOISE.has(word)) kept.push(word);
  }
  const { words: modelWords, edition } = takeEdition(kept);
  // GCP calls its H100 boards with the faster network "mega" and "plus"; both are SXM.
  if (form === null && kept.includes('h100') && (words.includes('mega') || words.includes('plus'))) form = 'SXM';
  const slice = sliceGb !== null || words.includes('mig');
  return { key: modelWords.join(''), form, edition, memoryGb, hbm3, slice, sliceGb };
}

function wordsOf(name: string): string[] {
  let text = name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[®™©]|\((?:r|tm)\)/g, ' ')
    // A slice with the card's media engines: "1g.10gb+me".
    .replace(/\+me\b/g, ' ')
    .replace(/[_\-/(),:;+|[\]]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  for (const [pattern, replacement] of GLUED) text = text.replace(pattern, replacement);
  // "8x H100", "H100 x8": how many there are is not part of which card it is.
  const words = text.split(' ').filter((word) => word !== '' && !/^(?:\d+x|x\d+)$/.test(word));
  // Nebius marks revisions of one platform with a last letter: gpu-b200-sxm-a.
  const platform = words[0] === 'gpu' && /^[a-d]$/.test(words.at(-1) ?? '');
  return platform ? words.slice(0, -1) : words;
}

/** Only the RTX PRO cards come in editions; elsewhere an "s" or a "server" belongs to the name. */
function takeEdition(words: readonly string[]): { words: readonly string[]; edition: GpuNameParts['edition'] } {
  const pro = words.some((word) => word === 'pro' || /^rtxpro/.test(word));
  const rtx = words.some((word) => word.startsWith('rtx'));
  if (!pro || !rtx) return { words, edition: null };
  const editions = new Set(words.flatMap((word) => EDITION_WORDS.get(word) ?? []));
  const modelWords = words.filter((word) => !EDITION_WORDS.has(word) && word !== 'blackwell');
  // "Max-Q Workstation Edition" names both; the power limit is what makes it another card. "WS/S" means either.
  const [only = null] = editions.size === 1 ? editions : [];
  return { words: modelWords, edition: editions.has('MAXQ') ? 'MAXQ' : only };
}
