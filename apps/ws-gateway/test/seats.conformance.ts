import type { SocketSeats } from '../src/seats/socket-seats';

/** What every filling of SocketSeats has to keep. `make` gives one whose holders are unused. */
export function seatsConformance(make: () => SocketSeats): void {
  const taken = async (seats: SocketSeats, holder: string, limit: number, count: number) =>
    (await Promise.all(Array.from({ length: count }, () => seats.take(holder, limit)))).filter((seat) => seat !== null);

  it('gives out exactly as many as there are, however many ask at once', async () => {
    expect(await taken(make(), 'a', 5, 50)).toHaveLength(5);
  });

  it('gives out again what was given back, once', async () => {
    const seats = make();
    const [first] = await taken(seats, 'a', 2, 2);
    first?.release();
    first?.release();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await taken(seats, 'a', 2, 5)).toHaveLength(1);
  });

  it('counts each holder by itself', async () => {
    const seats = make();
    expect(await taken(seats, 'a', 1, 3)).toHaveLength(1);
    expect(await taken(seats, 'b', 1, 3)).toHaveLength(1);
  });

  it('follows a limit that changes', async () => {
    const seats = make();
    expect(await taken(seats, 'a', 3, 5)).toHaveLength(3);
    expect(await taken(seats, 'a', 2, 5)).toHaveLength(0);
    expect(await taken(seats, 'a', 4, 5)).toHaveLength(1);
  });

  it('has none for a limit of 0', async () => {
    expect(await taken(make(), 'a', 0, 3)).toHaveLength(0);
  });
}
