/** What two offers are compared by. null: the offer does not say, and it counts for neither side. */
export interface OfferTraits {
  readonly numbers: Readonly<Record<NumberTrait, number | null>>;
  readonly words: Readonly<Record<WordTrait, string | null>>;
}

/**
 * Typical values of the market in 2026. Fixed, not taken from the request: the likeness of two offers must not depend on
 * which others are compared with them.
 */
const TYPICAL = { price_per_hour: 2, gpu_memory_gb: 48, gpu_count: 2, cpu_cores: 32, ram_gb: 128 } as const;
export type NumberTrait = keyof typeof TYPICAL;
export const NUMBER_TRAITS = Object.keys(TYPICAL) as NumberTrait[];

export const WORD_TRAITS = ['gpu_type', 'gpu_family', 'pricing', 'region', 'provider'] as const;
export type WordTrait = (typeof WORD_TRAITS)[number];

/**
 * Cosine of the offers' features. A number becomes log2(value / typical), so that half and double lie alike far from
 * the middle; a word is an axis of its own of length 1, the same axis for the same word.
 */
export function offerSimilarity(a: OfferTraits, b: OfferTraits): number {
  const x = NUMBER_TRAITS.map((trait) => feature(trait, a));
  const y = NUMBER_TRAITS.map((trait) => feature(trait, b));
  const agreed = WORD_TRAITS.filter((trait) => a.words[trait] !== null && a.words[trait] === b.words[trait]).length;
  const dot = agreed + sumOfProducts(x, y);
  const lengths = Math.sqrt((wordsOf(a) + sumOfProducts(x, x)) * (wordsOf(b) + sumOfProducts(y, y)));
  return lengths === 0 ? 0 : Math.max(-1, Math.min(1, dot / lengths));
}

function feature(trait: NumberTrait, { numbers }: OfferTraits): number {
  const value = numbers[trait];
  return value === null || value <= 0 ? 0 : Math.log2(value / TYPICAL[trait]);
}

const wordsOf = ({ words }: OfferTraits): number => WORD_TRAITS.filter((trait) => words[trait] !== null).length;

const sumOfProducts = (x: readonly number[], y: readonly number[]): number =>
  x.reduce((sum, value, index) => sum + value * (y[index] ?? 0), 0);
