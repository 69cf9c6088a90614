import type { MicroUsd } from './money';

/** One machine or pod that somebody rents from the emulated cloud. */
export interface Rental {
  readonly id: number;
  readonly lotId: string;
  readonly units: number;
  /** The API key that rented it: another key does not see it. */
  readonly owner: string;
  /** What it costs per hour, whole unit. */
  readonly pricePerHour: MicroUsd;
  readonly label: string | null;
}

const FIRST_ID = 7_100_001;

/** Who rents what, in memory: rentals end with the process, as no money was ever involved. */
export class RentalLedger {
  private readonly rentals = new Map<number, Rental>();
  private nextId = FIRST_ID;

  open(rental: Omit<Rental, 'id'>): Rental {
    const opened = { ...rental, id: this.nextId };
    this.nextId += 1;
    this.rentals.set(opened.id, opened);
    return opened;
  }

  /** Ends it and returns it; undefined when this owner rents no such thing. */
  close(id: number, owner: string): Rental | undefined {
    const rental = this.rentals.get(id);
    if (rental?.owner !== owner) return undefined;
    this.rentals.delete(id);
    return rental;
  }

  of(owner: string): Rental[] {
    return [...this.rentals.values()].filter((rental) => rental.owner === owner);
  }
}
