import { z } from 'zod';
import type { Market } from '../../market/market';
import { microUsd, usdNumber } from '../../market/money';
import { type Rental, RentalLedger } from '../../market/rental-ledger';
import type { GraphqlNode } from './graphql-projection';
import { GraphqlError } from './graphql-reader';
import { lotId, RUNPOD_CARDS, type RunpodCard, type RunpodTier, sells } from './runpod.reference';

const podInput = z.looseObject({
  gpuTypeId: z.string(),
  gpuCount: z.number().int().min(1).default(1),
  cloudType: z.enum(['ALL', 'SECURE', 'COMMUNITY']).default('ALL'),
  name: z.string().nullish(),
  imageName: z.string(),
  /** USD per GPU-hour; interruptible pods only. */
  bidPerGpu: z.number().positive().max(100).optional(),
});
const terminateInput = z.object({ podId: z.string() });

const POD_PREFIX = 'emupod';

/** Rents pods out of the market's pools and takes them back. */
export class PodDesk {
  private readonly rentals = new RentalLedger();

  constructor(private readonly market: Market) {}

  /** @throws GraphqlError when the input is wrong or nothing is free */
  deploy(args: Readonly<Record<string, unknown>>, owner: string): GraphqlNode {
    const { card, tiers, input } = readPod(args);
    for (const tier of tiers) {
      const quote = this.market.quote(lotId(card, tier, 'on_demand'));
      if (quote === undefined || !this.market.take(quote.plan.id, input.gpuCount)) continue;
      return this.opened(quote.plan.id, input, owner, quote.price);
    }
    throw noInstances();
  }

  /** @throws GraphqlError also when the bid is below the floor */
  deployInterruptible(args: Readonly<Record<string, unknown>>, owner: string): GraphqlNode {
    const { card, tiers, input } = readPod(args);
    const bid = input.bidPerGpu;
    if (bid === undefined) throw new GraphqlError('bidPerGpu is required', 'RUNPOD');
    for (const tier of tiers) {
      const pool = lotId(card, tier, 'on_demand');
      const floor = this.market.quote(lotId(card, tier, 'spot'));
      if (floor === undefined) continue;
      if (microUsd(bid.toFixed(6)) < floor.price)
        throw new GraphqlError('The bid is below the minimum bid price.', 'RUNPOD');
      if (this.market.take(pool, input.gpuCount)) return this.opened(pool, input, owner, microUsd(bid.toFixed(6)));
    }
    throw noInstances();
  }

  /** @throws GraphqlError when this owner has no such pod */
  terminate(args: Readonly<Record<string, unknown>>, owner: string): null {
    const { podId } = readInput(terminateInput, args);
    const rental = this.rentals.close(Number(podId.slice(POD_PREFIX.length)), owner);
    if (rental === undefined) throw new GraphqlError('pod not found to terminate', 'RUNPOD');
    this.market.giveBack(rental.lotId, rental.units);
    return null;
  }

  pods(owner: string): GraphqlNode[] {
    return this.rentals.of(owner).map(podNode);
  }

  private opened(lot: string, input: z.output<typeof podInput>, owner: string, perGpu: number): GraphqlNode {
    const rental = this.rentals.open({
      lotId: lot,
      units: input.gpuCount,
      owner,
      pricePerHour: perGpu * input.gpuCount,
      label: input.name ?? null,
    });
    return { ...podNode(rental), imageName: input.imageName };
  }
}

function podNode(rental: Rental): GraphqlNode {
  return {
    __typename: 'Pod',
    id: `${POD_PREFIX}${rental.id}`,
    name: rental.label,
    imageName: null,
    env: [],
    machineId: `emumachine${rental.id}`,
    machine: { __typename: 'PodMachineInfo', podHostId: `${POD_PREFIX}${rental.id}-64410000` },
    desiredStatus: 'RUNNING',
    gpuCount: rental.units,
    costPerHr: usdNumber(rental.pricePerHour),
  };
}

function readPod(args: Readonly<Record<string, unknown>>): {
  card: RunpodCard;
  tiers: RunpodTier[];
  input: z.output<typeof podInput>;
} {
  const input = readInput(podInput, args);
  const card = RUNPOD_CARDS.find(({ id }) => id === input.gpuTypeId);
  if (card === undefined || input.gpuCount > card.maxGpuCount) throw noInstances();
  const asked: readonly RunpodTier[] =
    input.cloudType === 'ALL' ? ['community', 'secure'] : [input.cloudType === 'SECURE' ? 'secure' : 'community'];
  return { card, tiers: asked.filter((tier) => sells(card, tier)), input };
}

function readInput<Schema extends z.ZodType>(
  schema: Schema,
  args: Readonly<Record<string, unknown>>,
): z.output<Schema> {
  const read = schema.safeParse(args.input);
  if (!read.success) throw new GraphqlError(z.prettifyError(read.error), 'GRAPHQL_VALIDATION_FAILED');
  return read.data;
}

/** The API's own sentence: clients tell "sold out" from other failures by it. */
function noInstances(): GraphqlError {
  return new GraphqlError(
    'There are no longer any instances available with the requested specifications. Please refresh and try again.',
    'RUNPOD',
  );
}
