import type { GpuForm } from '@gpubroker/provider-adapter/normalise';

/** A machine that a GPU price is for. The price list names none: it prices one GPU. */
export interface OciShape {
  readonly name: string;
  readonly gpuCount: number;
  /** 1 OCPU = 2 of these; null where no source was read. */
  readonly vcpus: number | null;
  readonly ramGb: number | null;
}

export interface OciCard {
  /** Name for identifyGpu(). */
  readonly gpu: string;
  readonly form: GpuForm | null;
  /** Of one card, GB. */
  readonly memoryGb: number;
  readonly shapes: readonly OciShape[];
}

type ShapeRow = readonly [name: string, gpuCount: number, vcpus?: number, ramGb?: number];

const card = (gpu: string, form: GpuForm | null, memoryGb: number, ...shapes: readonly ShapeRow[]): OciCard => ({
  gpu,
  form,
  memoryGb,
  shapes: shapes.map(([name, gpuCount, vcpus = null, ramGb = null]) => ({ name, gpuCount, vcpus, ramGb })),
});

/**
 * By what the display name says of the card, lower case (see ociCardText). The oldest four name no GPU at all; vCPU and RAM
 * as in SkyPilot's catalog of 2023-06-08.
 */
export const OCI_CARDS: ReadonlyMap<string, OciCard> = new Map([
  ['bare metal gpu standard x7', card('P100', null, 16, ['BM.GPU2.2', 2, 56, 256])],
  ['virtual machine gpu standard x7', card('P100', null, 16, ['VM.GPU2.1', 1, 24, 72])],
  [
    'gpu standard v2',
    card(
      'V100',
      'SXM',
      16,
      ['VM.GPU3.1', 1, 12, 90],
      ['VM.GPU3.2', 2, 24, 180],
      ['VM.GPU3.4', 4, 48, 360],
      ['BM.GPU3.8', 8, 104, 768],
    ),
  ],
  ['e3', card('A100', 'SXM', 40, ['BM.GPU4.8', 8, 128, 2048])],
  ['a100 v2', card('A100', 'SXM', 80, ['BM.GPU.A100-v2.8', 8, 256, 2048])],
  [
    'a10',
    card('A10', null, 24, ['VM.GPU.A10.1', 1, 30, 240], ['VM.GPU.A10.2', 2, 60, 480], ['BM.GPU.A10.4', 4, 128, 1024]),
  ],
  ['l40s', card('L40S', null, 48, ['BM.GPU.L40S.4', 4])],
  ['h100', card('H100', 'SXM', 80, ['BM.GPU.H100.8', 8])],
  ['h200', card('H200', 'SXM', 141, ['BM.GPU.H200.8', 8])],
  ['b200', card('B200', null, 180, ['BM.GPU.B200.8', 8])],
  ['b300', card('B300', null, 288, ['BM.GPU.B300.8', 8])],
  ['gb200', card('GB200', null, 186, ['BM.GPU.GB200.4', 4])],
  ['gb300', card('GB300', null, 288, ['BM.GPU.GB300.4', 4])],
  ['mi300x', card('MI300X', null, 192, ['BM.GPU.MI300X.8', 8])],
  ['mi355x', card('MI355X', null, 288, ['BM.GPU.MI355X.8', 8])],
]);

/**
 * What follows "GPU" in a display name: "OCI- Compute - GPU - MI355X" → `MI355X`, "Compute - GPU - A100 - v2" → `A100 v2`,
 * "Compute - GPU Standard - V2" → `GPU Standard V2`. null: the name is not of that form.
 */
export function ociCardText(displayName: string): string | null {
  const pieces = displayName
    .replace(/[–—]/g, '-')
    .replace(/\s+/g, ' ')
    .split(/ ?- | -/)
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '');
  const at = pieces.findIndex((piece) => /\bGPU\b/.test(piece));
  if (at === -1) return null;
  // A bare "GPU" only announces the card; "GPU Standard" is a part of its name.
  const text = pieces.slice(pieces[at] === 'GPU' ? at + 1 : at).join(' ');
  return text === '' ? null : text;
}
