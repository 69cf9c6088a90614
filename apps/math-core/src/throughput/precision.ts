/** How weights are stored. */
export interface Precision {
  readonly name: string;
  /** Bits per weight, scales included. */
  readonly bits: number;
  /** Embeddings and head stay in 16 bits, and only what is between them is made smaller; llama.cpp's formats take all. */
  readonly keepsEnds: boolean;
  /** Bytes of one number in the KV cache. */
  readonly kvBytes: number;
  /** Multiplies on the 8-bit units where the card has them. */
  readonly eightBitCompute: boolean;
}

const of = (name: string, bits: number, keepsEnds = false): Precision => ({
  name,
  bits,
  keepsEnds,
  kvBytes: 2,
  eightBitCompute: false,
});

/** K-quants: bits of whole files of Llama-3.1-8B, as llama.cpp's page of its quantize tool lists them; the others follow from their blocks. */
const TABLE: readonly Precision[] = [
  { name: 'fp32', bits: 32, keepsEnds: false, kvBytes: 4, eightBitCompute: false },
  of('fp16', 16),
  of('bf16', 16),
  { name: 'fp8', bits: 8, keepsEnds: true, kvBytes: 1, eightBitCompute: true },
  { name: 'fp4', bits: 4.5, keepsEnds: true, kvBytes: 1, eightBitCompute: true },
  of('int8', 8, true),
  of('int4', 4.5, true),
  of('q8_0', 8.5),
  of('q6_k', 6.56),
  of('q5_k_m', 5.69),
  of('q5_k_s', 5.57),
  of('q5_1', 6),
  of('q5_0', 5.5),
  of('q4_k_m', 4.85),
  of('q4_k_s', 4.67),
  of('q4_1', 5),
  of('q4_0', 4.5),
  of('iq4_xs', 4.46),
  of('q3_k_l', 4.3),
  of('q3_k_m', 4),
  of('q3_k_s', 3.64),
  of('q2_k', 3.16),
  of('gptq-4bit', 4.25, true),
  of('awq-4bit', 4.25, true),
];

const BY_NAME = new Map(TABLE.map((precision) => [precision.name, precision]));
const SPELLINGS: ReadonlyMap<string, string> = new Map([
  ['f16', 'fp16'],
  ['f32', 'fp32'],
  ['half', 'fp16'],
  ['4-bit', 'int4'],
  ['4bit', 'int4'],
  ['8-bit', 'int8'],
  ['8bit', 'int8'],
  ['gptq', 'gptq-4bit'],
  ['awq', 'awq-4bit'],
  ['gptq-4-bit', 'gptq-4bit'],
  ['gptq-int4', 'gptq-4bit'],
  ['awq-4-bit', 'awq-4bit'],
  ['awq-int4', 'awq-4bit'],
  ['nf4', 'int4'],
  ['bnb-4bit', 'int4'],
  ['bnb-8bit', 'int8'],
  ['w8a8', 'int8'],
  ['w4a16', 'awq-4bit'],
  ['mxfp4', 'fp4'],
  ['nvfp4', 'fp4'],
  ['fp8-e4m3', 'fp8'],
  ['fp8_e4m3', 'fp8'],
  ['fp8-e5m2', 'fp8'],
  ['fp8_e5m2', 'fp8'],
  ['float8', 'fp8'],
  ['float16', 'fp16'],
  ['bfloat16', 'bf16'],
  ['float32', 'fp32'],
  ['tf32', 'fp32'],
  ['q3_k', 'q3_k_m'],
  ['q4_k', 'q4_k_m'],
  ['q5_k', 'q5_k_m'],
  ['q8', 'q8_0'],
  ['q4', 'q4_0'],
]);

export const PRECISION_NAMES: readonly string[] = TABLE.map(({ name }) => name);

/** A scale and a zero point of 16 bits for each group of weights. */
const GROUP_BITS = 32;

/** Also `exl2-3.0bpw` and `int4-g32`, whose names say the bits, and `gptq-4bit-g128`; null for a format nobody knows. */
export function precisionOf(text: string): Precision | null {
  const name = text.trim().toLowerCase();
  const grouped = /^int4-g(\d{1,4})$/.exec(name)?.[1];
  if (grouped !== undefined && Number(grouped) >= 8) return of(name, 4 + GROUP_BITS / Number(grouped), true);
  const exl2 = /^exl2-(\d(?:\.\d+)?)bpw$/.exec(name)?.[1];
  if (exl2 !== undefined && Number(exl2) >= 2) return of(name, Number(exl2));
  const plain = name.replace(/[\s,]*(?:-g|group\s*)\d{1,4}$/, '').replace(/\s+/g, '-');
  return BY_NAME.get(SPELLINGS.get(plain) ?? plain) ?? null;
}
