/**
 * Nothing is lost when processes die, on the PostgreSQL log. The services run as processes of their own; providers (the
 * relay is in it), a kpi-like consumer and one of two replicas of ws-gateway are killed with -9 while prices move, the
 * relay's database session is ended, and one of two sockets loses its connection every few seconds.
 *
 * Compared, when every cloud has been read through again and the outbox is empty:
 * - price_history and the distinct events of the log: per offer, in order, price and availability;
 * - event ids: the log's distinct ones, what the consumer handled (in a table without a unique key), what the socket that
 *   was always open (through the API gateway) got, and what the socket that resumes by `last_event_id` got;
 * - the order per offer at the consumer and at the socket that was always open. The resuming socket has none to compare:
 *   between its connecting and its resuming it is sent what is newer than the gap.
 */
import { courses, difference, SAME } from './support/compare';
import { killEverything, sightings, type KillRun } from './support/kill-run';
import { PriceSystem } from './support/price-system';

let system: PriceSystem;
let run: KillRun;

beforeAll(async () => {
  system = await PriceSystem.open();
  run = await killEverything(system, () => Promise.resolve(''));
  console.log(`PostgreSQL log\n${run.report}`);
});

afterAll(() => system.close());

describe('processes that are killed again and again while prices move', () => {
  it('write every price change and its event, or neither', () => {
    expect(courses(run.published)).toEqual(courses(run.history));
    expect(run.published).toHaveLength(run.history.length);
  });

  it('have the consumer handle each event once, in the order of its offer', () => {
    expect(difference(run.published, run.handled)).toEqual(SAME);
    expect(run.handled).toHaveLength(run.published.length);
    expect(courses(run.handled)).toEqual(courses(run.history));
  });

  it('leave nothing out for a socket that stays open, in the order of each offer', () => {
    expect(difference(run.published, sightings(run.alwaysOpen))).toEqual(SAME);
    expect(courses(sightings(run.alwaysOpen))).toEqual(courses(run.history));
    expect(run.alwaysOpen.connections).toBe(1);
  });

  it('leave nothing out for a socket that resumes', () => {
    expect(run.resuming.snapshots).toBe(0);
    expect(difference(run.published, sightings(run.resuming))).toEqual(SAME);
  });
});
