import { courses, difference, SAME } from './compare';
import { sightings, type KillRun } from './kill-run';

/**
 * Compared, when every cloud has been read through again and the outbox is empty:
 * - price_history and the distinct events of the log: per offer, in order, price and availability;
 * - event ids: the log's distinct ones, what the consumer handled (in a table without a unique key), what the socket that
 *   was always open (through the API gateway) got, and what the socket that resumes by `last_event_id` got;
 * - the order per offer at the consumer and at the socket that was always open. The resuming socket has none to compare:
 *   between its connecting and its resuming it is sent what is newer than the gap.
 */
export function nothingIsLost(whoWasKilled: string, finished: () => KillRun): void {
  describe(`${whoWasKilled} killed again and again while prices move`, () => {
    let run: KillRun;

    beforeAll(() => {
      run = finished();
    });

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
}
