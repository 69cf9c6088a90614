import type { Seat, SocketSeats } from './socket-seats';

/** For one process, where nothing is kept anywhere else. */
export class LocalSeats implements SocketSeats {
  private readonly taken = new Map<string, Set<string>>();
  private serial = 0;

  /** @param onRelease told which seat is free again */
  constructor(private readonly onRelease: (holder: string, id: string) => void = () => undefined) {}

  take(holder: string, limit: number): Promise<Seat | null> {
    return Promise.resolve(this.countOf(holder) < limit ? this.occupy(holder, this.newId()) : null);
  }

  /** A name for a seat that no other seat of this process has. */
  newId(): string {
    this.serial += 1;
    return this.serial.toString(36);
  }

  occupy(holder: string, id: string): Seat {
    const ids = this.taken.get(holder) ?? new Set();
    this.taken.set(holder, ids.add(id));
    return {
      release: () => {
        if (!ids.delete(id)) return;
        if (ids.size === 0) this.taken.delete(holder);
        this.onRelease(holder, id);
      },
    };
  }

  countOf(holder: string): number {
    return this.taken.get(holder)?.size ?? 0;
  }

  all(): ReadonlyMap<string, ReadonlySet<string>> {
    return this.taken;
  }
}
