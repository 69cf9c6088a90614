import type { InteractionKind } from '@gpubroker/contracts/events';
import { dot } from '../collaborative/als';

/** What one action says about liking; a booking is paid for. */
export const ACTION_WEIGHT: Readonly<Record<InteractionKind, number>> = { viewed: 1, compared: 2, booked: 5 };

/** All that one user did with one offer. */
export interface UserOffer {
  readonly user: string;
  readonly offer: string;
  /** Sum of the weights of the actions. */
  readonly weight: number;
}

/** Where both sides of a factorisation stand. */
export interface TasteFactors {
  readonly k: number;
  readonly userAt: ReadonlyMap<string, number>;
  readonly offerAt: ReadonlyMap<string, number>;
  readonly users: Float64Array;
  readonly offers: Float64Array;
}

/** What is known of everybody's taste, as of one training. */
export class Taste {
  static readonly NONE = new Taste([], null);

  private readonly weightOfUser = new Map<string, number>();
  private readonly weightOfOffer = new Map<string, number>();
  private readonly mostOfAnOffer: number;

  constructor(
    actions: readonly UserOffer[],
    private readonly factors: TasteFactors | null,
  ) {
    for (const { user, offer, weight } of actions) {
      this.weightOfUser.set(user, (this.weightOfUser.get(user) ?? 0) + weight);
      this.weightOfOffer.set(offer, (this.weightOfOffer.get(offer) ?? 0) + weight);
    }
    let most = 0;
    for (const weight of this.weightOfOffer.values()) most = Math.max(most, weight);
    this.mostOfAnOffer = most;
  }

  get isEmpty(): boolean {
    return this.weightOfOffer.size === 0;
  }

  /** Sum of the weights of what the user did; 0 for one who did nothing, or nothing before the last training. */
  knownOf(user: string): number {
    return this.factors?.userAt.has(user) === true ? (this.weightOfUser.get(user) ?? 0) : 0;
  }

  /** 0 to 1: the predicted preference, cut off at both ends; 0 for an offer nobody did anything with. */
  liking(user: string, offer: string): number {
    const u = this.factors?.userAt.get(user);
    const i = this.factors?.offerAt.get(offer);
    if (this.factors === null || u === undefined || i === undefined) return 0;
    const { k, users, offers } = this.factors;
    return Math.min(1, Math.max(0, dot(users, u * k, offers, i * k, k)));
  }

  /** 0 to 1: what was done with the offer, as a share of what was done with the most popular one of all. */
  popularity(offer: string): number {
    return this.mostOfAnOffer === 0 ? 0 : (this.weightOfOffer.get(offer) ?? 0) / this.mostOfAnOffer;
  }
}
