import { microUsd, type MicroUsd } from './money';
import { AT_LIST_BP, nextLevel, unitPrice } from './price-walk';
import { type LotPlan, type ProductPlan, STEPS_PER_HALF_HOUR } from './product-plan';
import { roll, textHash } from './seeded-random';
import { nextStock, stockMoveChance } from './stock-walk';

/** What one lot costs and whether it can be had now. */
export interface Quote {
  readonly plan: LotPlan;
  readonly product: ProductPlan;
  /** In the unit of the product's reference entry. */
  readonly price: MicroUsd;
  /** Units in stock and not rented. */
  readonly free: number;
  /** Rises each time the lot comes back: a marketplace gives a returning host a new offer id. */
  readonly generation: number;
}

interface LotState {
  readonly plan: LotPlan;
  readonly salt: number;
  spread: number;
  pinned: MicroUsd | null;
  open: number;
  held: number;
  generation: number;
}

interface ProductState {
  readonly plan: ProductPlan;
  readonly list: MicroUsd;
  readonly salt: number;
  readonly lots: readonly LotState[];
  level: number;
}

/** Names of the rolls of one step; two decisions on one channel would move together. */
const CHANNEL = { move: 0, direction: 1, size: 2, stock: 3, stockDirection: 4, stockSize: 5 } as const;

export interface MarketOptions {
  readonly seed: number;
  /** Every so many steps one listed, self-pricing seller is repriced for certain; 0 = never. */
  readonly pulseEvery?: number;
}

/**
 * One cloud's prices and stock, moved step by step (one step = one minute of market time). Two markets with the same
 * products and seed ask the same prices after the same number of steps, whatever was rented in between.
 */
export class Market {
  private readonly products: readonly ProductState[];
  private readonly lots = new Map<string, { lot: LotState; product: ProductState }>();
  private readonly pulseOffset: number;
  private stepsTaken = 0;

  constructor(
    plans: readonly ProductPlan[],
    private readonly options: MarketOptions,
  ) {
    this.pulseOffset = textHash('pulse', options.seed) % 1_000;
    this.products = plans.map((plan) => startProduct(plan, options.seed));
    for (const product of this.products) {
      for (const lot of product.lots) {
        if (this.lots.has(lot.plan.id)) throw new Error(`two lots are called ${lot.plan.id}`);
        this.lots.set(lot.plan.id, { lot, product });
      }
    }
  }

  get steps(): number {
    return this.stepsTaken;
  }

  step(): void {
    this.stepsTaken += 1;
    for (const product of this.products) {
      moveLevel(product, this.stepsTaken);
      for (const lot of product.lots) {
        moveSpread(lot, product, this.stepsTaken);
        moveStock(lot, this.stepsTaken);
      }
    }
    this.pulse();
  }

  quote(lotId: string): Quote | undefined {
    const found = this.lots.get(lotId);
    return found && quoteOf(found.lot, found.product);
  }

  quotes(): Quote[] {
    return this.products.flatMap((product) => product.lots.map((lot) => quoteOf(lot, product)));
  }

  /** Takes units out of stock. False, and nothing taken, when there are not as many. */
  take(lotId: string, units: number): boolean {
    const found = this.lots.get(lotId);
    if (found === undefined || freeOf(found.lot) < units) return false;
    found.lot.held += units;
    return true;
  }

  giveBack(lotId: string, units: number): void {
    const found = this.lots.get(lotId);
    if (found === undefined) return;
    const wasFree = freeOf(found.lot);
    found.lot.held = Math.max(0, found.lot.held - units);
    returnedFrom(wasFree, found.lot);
  }

  /** Holds a lot at a price whatever the market does; null lets it move again. False when there is no such lot. */
  pin(lotId: string, price: MicroUsd | null): boolean {
    const found = this.lots.get(lotId);
    if (found === undefined) return false;
    found.lot.pinned = price;
    return true;
  }

  /**
   * `npm start` promises a visible price change within ten seconds; chance alone leaves that promise unkept once in a
   * few hundred windows. In turn, not at random: the same seller twice could move there and back within one window.
   */
  private pulse(): void {
    const every = this.options.pulseEvery ?? 0;
    if (every === 0 || this.stepsTaken % every !== 0) return;
    const movers = this.products.flatMap((product) =>
      product.lots.filter((lot) => lot.plan.ownMoves > 0 && lot.open > 0).map((lot) => ({ lot, product })),
    );
    const chosen = movers[(this.pulseOffset + this.stepsTaken / every) % movers.length];
    if (chosen !== undefined) repriceVisibly(chosen.lot, chosen.product, this.stepsTaken);
  }
}

function startProduct(plan: ProductPlan, seed: number): ProductState {
  return {
    plan,
    list: microUsd(plan.entry.listPrice),
    salt: textHash(plan.entry.key, seed),
    level: AT_LIST_BP,
    lots: plan.lots.map((lot) => startLot(lot, seed)),
  };
}

function startLot(plan: LotPlan, seed: number): LotState {
  const salt = textHash(plan.id, seed ^ 0x5bd1e995);
  // A market that never moves stock has all of it; the others start with some of their lots taken.
  const taken = plan.stockMoves > 0.1 && roll(salt, 0, CHANNEL.stock) < 0.3;
  const open = taken ? Math.floor(plan.capacity / 4) : plan.capacity;
  return { plan, salt, spread: plan.spreadBp, pinned: null, open, held: 0, generation: 0 };
}

function quoteOf(lot: LotState, product: ProductState): Quote {
  return {
    plan: lot.plan,
    product: product.plan,
    price: lot.pinned ?? priceOf(lot, product),
    free: freeOf(lot),
    generation: lot.generation,
  };
}

function priceOf(lot: LotState, product: ProductState): MicroUsd {
  return unitPrice(product.list, product.level, lot.spread, product.plan.tide.grain);
}

function freeOf(lot: LotState): number {
  return Math.max(0, lot.open - lot.held);
}

function happens(chancePerHalfHour: number, chance: number): boolean {
  return chance < chancePerHalfHour / STEPS_PER_HALF_HOUR;
}

function moveLevel(product: ProductState, step: number): void {
  const { tide } = product.plan;
  if (!happens(tide.chance, roll(product.salt, step, CHANNEL.move))) return;
  const direction = roll(product.salt, step, CHANNEL.direction);
  product.level = nextLevel(product.level, AT_LIST_BP, tide, direction, roll(product.salt, step, CHANNEL.size));
}

function moveSpread(lot: LotState, product: ProductState, step: number): void {
  if (!happens(lot.plan.ownMoves, roll(lot.salt, step, CHANNEL.move))) return;
  reprice(lot, product, roll(lot.salt, step, CHANNEL.direction), roll(lot.salt, step, CHANNEL.size));
}

function reprice(lot: LotState, product: ProductState, direction: number, size: number): void {
  lot.spread = nextLevel(lot.spread, lot.plan.spreadBp, product.plan.tide, direction, size);
}

/** Cheap cards have fewer grains than steps: a small move may round to the same price, the largest one does not. */
function repriceVisibly(lot: LotState, product: ProductState, step: number): void {
  const before = priceOf(lot, product);
  reprice(lot, product, roll(lot.salt, step, CHANNEL.direction), roll(lot.salt, step, CHANNEL.size));
  if (priceOf(lot, product) !== before) return;
  const towardsHome = lot.spread > lot.plan.spreadBp ? 1 : 0;
  reprice(lot, product, towardsHome, 0.999);
}

function moveStock(lot: LotState, step: number): void {
  const chance = stockMoveChance(lot.plan.stockMoves, lot.open);
  if (!happens(chance, roll(lot.salt, step, CHANNEL.stock))) return;
  const wasFree = freeOf(lot);
  const direction = roll(lot.salt, step, CHANNEL.stockDirection);
  lot.open = nextStock(lot.open, lot.plan.capacity, direction, roll(lot.salt, step, CHANNEL.stockSize));
  returnedFrom(wasFree, lot);
}

function returnedFrom(wasFree: number, lot: LotState): void {
  if (wasFree === 0 && freeOf(lot) > 0) lot.generation += 1;
}
