import { z } from 'zod';
import { amount, flag, list, part, price, text } from '../upstream-fields';

export const RUNPOD_CLOUDS = ['secure', 'community'] as const;
export type RunpodCloud = (typeof RUNPOD_CLOUDS)[number];

/** Sizes that are offered; the cloud takes others too, at the same price per GPU. */
export const RUNPOD_COUNTS = [1, 2, 4, 8] as const;

/** What the cloud says about stock for one count: `word` null is "none", absent from the map is "not asked". */
export interface RunpodStock {
  readonly word: string | null;
  readonly availableCounts: readonly number[] | null;
  readonly vcpus: number | null;
  readonly ramGb: number | null;
}

/** One card in one of RunPod's two clouds. Prices are per GPU-hour, as sent. */
export interface RunpodTier {
  readonly sold: boolean;
  readonly onDemand: unknown;
  readonly spot: unknown;
  readonly maxCount: number;
  readonly stock: ReadonlyMap<number, RunpodStock>;
}

/** A card, the same whichever of RunPod's interfaces it was read from. */
export interface RunpodCard {
  readonly id: string;
  readonly name: string | null;
  readonly memoryGb: number | null;
  readonly tiers: Readonly<Record<RunpodCloud, RunpodTier>>;
}

const lowestPrice = part({
  stockStatus: text,
  uninterruptablePrice: price,
  availableGpuCounts: list(z.number()),
  minVcpu: amount,
  minMemory: amount,
});
type LowestPrice = NonNullable<z.output<typeof lowestPrice>>;

const graphqlCard = z.looseObject({
  id: z.string().min(1),
  displayName: text,
  memoryInGb: amount,
  maxGpuCount: amount,
  maxGpuCountSecureCloud: amount,
  maxGpuCountCommunityCloud: amount,
  secureCloud: flag,
  communityCloud: flag,
  securePrice: price,
  communityPrice: price,
  secureSpotPrice: price,
  communitySpotPrice: price,
  lowestPrice,
});
type GraphqlCard = z.output<typeof graphqlCard>;

const restCard = z.object({
  id: z.string().min(1),
  name: text,
  memory: amount,
  secure: flag,
  community: flag,
  price: part({ secure: price, community: price }),
  maxCount: part({ secure: amount, community: amount }),
  availability: text,
});

/** The alias under which the query asks one cloud for the stock of one count. */
export function stockAlias(cloud: RunpodCloud, count: number): string {
  return `${cloud}${count}`;
}

/** A card of GraphQL's gpuTypes; null when it has no id. */
export function readGraphqlCard(raw: unknown): RunpodCard | null {
  const read = graphqlCard.safeParse(raw);
  if (!read.success) return null;
  const card = read.data;
  const tier = (cloud: RunpodCloud): RunpodTier => graphqlTier(card, cloud);
  return {
    id: card.id,
    name: card.displayName ?? null,
    memoryGb: card.memoryInGb ?? null,
    tiers: { secure: tier('secure'), community: tier('community') },
  };
}

function graphqlTier(card: GraphqlCard, cloud: RunpodCloud): RunpodTier {
  const sold = sells(card, cloud);
  const stock = new Map<number, RunpodStock>();
  for (const count of RUNPOD_COUNTS) {
    const asked = lowestPrice.parse(card[stockAlias(cloud, count)]);
    if (asked !== null && asked !== undefined) stock.set(count, stockOf(asked));
  }
  // Without an alias the answer is to a question for one count; it holds for the cloud that sells the card.
  const plain = sold ? card.lowestPrice : null;
  if (plain?.stockStatus !== undefined && stock.size === 0) {
    for (const count of RUNPOD_COUNTS) stock.set(count, stockOf(plain));
  }
  const own = cloud === 'secure' ? card.maxGpuCountSecureCloud : card.maxGpuCountCommunityCloud;
  return {
    sold,
    onDemand: (cloud === 'secure' ? card.securePrice : card.communityPrice) ?? plain?.uninterruptablePrice,
    spot: cloud === 'secure' ? card.secureSpotPrice : card.communitySpotPrice,
    maxCount: own ?? card.maxGpuCount ?? Math.max(1, ...(plain?.availableGpuCounts ?? [])),
    stock,
  };
}

/**
 * Only the flags tell whether a cloud sells a card: where it does not, its price is a filler (0.5, 0) or a left-over. An
 * answer without either flag is one about the secure cloud, which is what a question without flags is asked for.
 */
function sells(card: GraphqlCard, cloud: RunpodCloud): boolean {
  const unsaid = isUnsaid(card.secureCloud) && isUnsaid(card.communityCloud);
  if (unsaid) return cloud === 'secure' && !isUnsaid(card.lowestPrice);
  return (cloud === 'secure' ? card.secureCloud : card.communityCloud) === true;
}

function isUnsaid(value: unknown): boolean {
  return value === null || value === undefined;
}

function stockOf(answer: LowestPrice): RunpodStock {
  return {
    word: answer.stockStatus ?? null,
    availableCounts: answer.availableGpuCounts ?? null,
    vcpus: answer.minVcpu ?? null,
    ramGb: answer.minMemory ?? null,
  };
}

/** A card of the REST v2 catalogue; null when it has no id. It knows no spot prices. */
export function readRestCard(raw: unknown): RunpodCard | null {
  const read = restCard.safeParse(raw);
  if (!read.success) return null;
  const card = read.data;
  const said: RunpodStock | null = isUnsaid(card.availability)
    ? null
    : { word: card.availability ?? null, availableCounts: null, vcpus: null, ramGb: null };
  const tier = (cloud: RunpodCloud): RunpodTier => ({
    sold: card[cloud] === true,
    onDemand: card.price?.[cloud],
    spot: null,
    maxCount: card.maxCount?.[cloud] ?? 1,
    stock: new Map(said === null ? [] : RUNPOD_COUNTS.map((count) => [count, said])),
  });
  return {
    id: card.id,
    name: card.name ?? null,
    memoryGb: card.memory ?? null,
    tiers: { secure: tier('secure'), community: tier('community') },
  };
}
