import { describe, expect, it } from '@jest/globals';
import { InvalidBookingError, type AdapterClass } from '../adapter';
import type { UpstreamReason } from '../upstream';
import { connectAdapter } from './connect-adapter';
import type { StubAnswer, StubHandler, StubRequest } from './stub-cloud';

/** Members that a request must have. */
type Sent = Partial<Omit<StubRequest, 'query'>>;

interface CheckCases {
  /** The one request that shows whether they work. */
  readonly sends: Sent;
  /** The answer that says so. Default: status 200. */
  readonly works?: StubAnswer;
  /** Answers that say the contrary, besides status 401 and 403. */
  readonly refused?: readonly StubAnswer[];
}

interface BookingCases {
  readonly offer: string;
  /** Ids of no offer that can be booked. */
  readonly notOffers: readonly string[];
  /** What the call that makes a machine may be answered, and the reason that a caller is given. */
  readonly refusals: readonly (readonly [answer: StubAnswer, reason: UpstreamReason])[];
  /** The cloud when the call that makes a machine gets this answer. Default: every call does. */
  readonly cloud?: (answer: StubAnswer) => StubHandler;
  /** Requests of one booking, with those for keys, images and the like. Default 1. */
  readonly requests?: number;
}

interface TerminationCases {
  readonly instance: string;
  /** The one request that ends it. */
  readonly sends: Sent;
}

type Secrets = Readonly<Record<string, string>>;

/** What an adapter does by a tenant's credentials. A part that is left out is the spec's own. */
export interface RentingCases {
  readonly credentials: Secrets;
  readonly check?: CheckCases;
  readonly booking?: BookingCases;
  readonly termination?: TerminationCases;
}

/**
 * How every cloud checks a key, fails to make a machine and ends one, by its own calls and answers. Called at the top level
 * of a spec; what a booking sends, and what comes of it, is tested beside it.
 */
export function describeRenting(
  Adapter: AdapterClass,
  { credentials, check, booking, termination }: RentingCases,
): void {
  if (check !== undefined) describeCheck(Adapter, credentials, check);
  if (booking !== undefined) describeBooking(Adapter, credentials, booking);
  if (termination !== undefined) describeTermination(Adapter, credentials, termination);
}

/** The check of a key: a yes, a no, and no answer, which is neither. */
function describeCheck(Adapter: AdapterClass, credentials: Secrets, cases: CheckCases): void {
  const { sends, works = { status: 200 }, refused = [] } = cases;

  describe(`checks credentials: ${Adapter.facts.slug}`, () => {
    const to = connectAdapter(Adapter);

    const answers: readonly (readonly [StubAnswer, boolean])[] = [
      [works, true],
      ...[{ status: 401 }, { status: 403 }, ...refused].map((answer): [StubAnswer, boolean] => [answer, false]),
    ];
    it.each(answers)('takes %j for credentials that work: %p', async (answer, work) => {
      to.cloud.use(() => answer);
      expect(await to.adapter.validateCredentials(credentials)).toBe(work);
      expect(to.cloud.requests).toMatchObject([sends]);
    });

    it.each([500, 503])('cannot say whether credentials work when the cloud fails with %d', async (status) => {
      to.cloud.use(() => ({ status }));
      await expect(to.adapter.validateCredentials(credentials)).rejects.toMatchObject({ reason: 'status_5xx' });
    });
  });
}

/** How a booking fails: before anything is sent, or after one single call, since a second could make a second machine. */
function describeBooking(Adapter: AdapterClass, credentials: Secrets, cases: BookingCases): void {
  const { offer, notOffers, refusals, cloud = (answer) => () => answer, requests = 1 } = cases;

  describe(`fails to book: ${Adapter.facts.slug}`, () => {
    const to = connectAdapter(Adapter);

    const wrong = [
      ...notOffers.map((id): [string, number] => [id, 1]),
      ...[0, -1, Number.NaN].map((hours): [string, number] => [offer, hours]),
    ];
    it.each(wrong)('sends nothing for a wrong booking of %s for %d hours', async (id, hours) => {
      to.cloud.use(cloud({ body: {} }));
      await expect(to.adapter.bookInstance(id, hours, { credentials })).rejects.toThrow(InvalidBookingError);
      expect(to.cloud.requests).toEqual([]);
    });

    const failures: BookingCases['refusals'] = [...refusals, [{ status: 500 }, 'status_5xx']];
    it.each(failures)('turns the answer %j to a booking into %s, and asks once only', async (answer, reason) => {
      to.cloud.use(cloud(answer));
      await expect(to.adapter.bookInstance(offer, 1, { credentials })).rejects.toMatchObject({ reason });
      expect(to.cloud.requests).toHaveLength(requests);
    });
  });
}

/** The end of a machine, which one that is gone already has come to as well. */
function describeTermination(Adapter: AdapterClass, credentials: Secrets, { instance, sends }: TerminationCases): void {
  describe(`terminates: ${Adapter.facts.slug}`, () => {
    const to = connectAdapter(Adapter);

    it.each([200, 404, 410])('is done terminating at status %d', async (status) => {
      to.cloud.use(() => ({ status }));
      await to.adapter.terminate(instance, { credentials });
      expect(to.cloud.requests).toMatchObject([sends]);
    });

    it('reports a termination that failed', async () => {
      to.cloud.use(() => ({ status: 502 }));
      await expect(to.adapter.terminate(instance, { credentials })).rejects.toMatchObject({ reason: 'status_5xx' });
    });
  });
}
