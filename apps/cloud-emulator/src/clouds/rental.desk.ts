import type { Market } from '../market/market';
import type { MicroUsd } from '../market/money';
import { type Rental, RentalLedger } from '../market/rental-ledger';

export interface RentalWish {
  readonly lotId: string;
  readonly units: number;
  readonly owner: string;
  readonly label?: string | null | undefined;
  /** What it costs per hour, whole unit. */
  readonly pricePerHour: MicroUsd;
}

/** Rents units out of a market and takes them back. */
export class RentalDesk {
  private readonly rentals = new RentalLedger();

  constructor(private readonly market: Market) {}

  /** undefined, and nothing taken, when the lot has not as many left. */
  rent({ lotId, units, owner, label, pricePerHour }: RentalWish): Rental | undefined {
    if (!this.market.take(lotId, units)) return undefined;
    return this.rentals.open({ lotId, units, owner, pricePerHour, label: label ?? null });
  }

  /** False when this owner rents no such thing. */
  end(id: number, owner: string): boolean {
    const ended = this.rentals.close(id, owner);
    if (ended !== undefined) this.market.giveBack(ended.lotId, ended.units);
    return ended !== undefined;
  }

  of(owner: string): Rental[] {
    return this.rentals.of(owner);
  }

  find(id: number, owner: string): Rental | undefined {
    return this.of(owner).find((rental) => rental.id === id);
  }
}

const UUID_START = '00000000-0000-4000-8000-';

/** A number as a UUID, for clouds whose ids look like that. */
export function uuidOf(id: number): string {
  return UUID_START + String(id).padStart(12, '0');
}

/** The number in a UUID of uuidOf; NaN for any other text. */
export function numberOfUuid(uuid: string): number {
  return uuid.startsWith(UUID_START) ? Number(uuid.slice(UUID_START.length)) : Number.NaN;
}
