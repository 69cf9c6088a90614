import { RentalLedger } from './rental-ledger';

const RENTAL = { lotId: 'pool', units: 1, owner: 'emulator-a', pricePerHour: 2_000_000, label: null };

describe('RentalLedger', () => {
  it('gives every rental an id of its own', () => {
    const ledger = new RentalLedger();
    expect(ledger.open(RENTAL).id).not.toBe(ledger.open(RENTAL).id);
  });

  it('ends a rental once, and for its owner only', () => {
    const ledger = new RentalLedger();
    const { id } = ledger.open(RENTAL);
    expect(ledger.close(id, 'emulator-b')).toBeUndefined();
    expect(ledger.close(id, 'emulator-a')).toMatchObject(RENTAL);
    expect(ledger.close(id, 'emulator-a')).toBeUndefined();
  });

  it('shows an owner only their own', () => {
    const ledger = new RentalLedger();
    ledger.open(RENTAL);
    expect(ledger.of('emulator-b')).toEqual([]);
    expect(ledger.of('emulator-a')).toHaveLength(1);
  });
});
