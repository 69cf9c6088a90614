import type { Change, Sighting } from './ledger';

/** Offer → its changes in their order, each as text. */
export function courses(changes: Iterable<Change>): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const { offerId, price, availability } of changes) (found[offerId] ??= []).push(`${price} ${availability}`);
  return found;
}

/** The first sight of each event, in order. */
export function distinct<Event extends Sighting>(sightings: Iterable<Event>): Event[] {
  const byId = new Map<string, Event>();
  for (const sighting of sightings) if (!byId.has(sighting.eventId)) byId.set(sighting.eventId, sighting);
  return [...byId.values()];
}

/** What one side has and the other lacks; both empty when they are the same set. */
export function difference(
  expected: Iterable<Sighting>,
  found: Iterable<Sighting>,
): { missing: string[]; foreign: string[] } {
  const [wanted, got] = [expected, found].map((side) => new Set([...side].map(({ eventId }) => eventId)));
  return {
    missing: [...(wanted ?? [])].filter((id) => !got?.has(id)),
    foreign: [...(got ?? [])].filter((id) => !wanted?.has(id)),
  };
}

export const SAME = { missing: [], foreign: [] };
