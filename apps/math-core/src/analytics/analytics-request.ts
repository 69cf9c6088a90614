import { isGiven, readNumber, readText } from '../request/read-members';
import { isObject, Problems, requestObject, type RequestObject } from '../request/request-object';
import { ordered, type PricePoint } from './price-series';

/** Whose prices are meant. */
export type PriceSubject =
  | { readonly kind: 'series'; readonly series: readonly PricePoint[] }
  | { readonly kind: 'offer'; readonly offerId: string }
  | { readonly kind: 'gpu'; readonly gpuType: string };

export interface AnalyticsRequest {
  readonly subject: PriceSubject;
  readonly horizonHours: number;
}

/** A year of half-hours; more would keep other requests waiting. */
const MAX_POINTS = 20_000;
const MAX_PRICE = 1_000_000;
const MAX_ID = 128;
const MAX_HORIZON = 2_160;
const HORIZON_HOURS = 24;
const HOUR_MS = 3_600_000;
const SUBJECTS = ['series', 'offer_id', 'gpu_type'] as const;
/** RFC 3339, read by hand: a schema takes longer than the analysis. */
const MOMENT = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/i;

/**
 * @param now end of a series of bare numbers
 * @throws ApiError VALIDATION_ERROR naming every bad field
 */
export function parseAnalytics(body: unknown, now: number): AnalyticsRequest {
  const request = requestObject(body, [...SUBJECTS, 'horizon_hours']);
  const problems = new Problems();
  const given = SUBJECTS.filter((name) => isGiven(request, name));
  if (given.length !== 1) problems.add(given[1] ?? 'series', `exactly one of ${SUBJECTS.join(', ')} must be given`);
  const subject = given.length === 1 ? readSubject(request, given[0] ?? 'series', now, problems) : null;
  const horizonHours = readNumber(request, 'horizon_hours', 0, MAX_HORIZON, problems) ?? HORIZON_HOURS;
  problems.throwIfAny();
  if (subject === null) throw new Error('a request without problems misses its subject');
  return { subject, horizonHours };
}

function readSubject(
  request: RequestObject,
  name: (typeof SUBJECTS)[number],
  now: number,
  problems: Problems,
): PriceSubject | null {
  switch (name) {
    case 'series':
      return { kind: 'series', series: readSeries(request['series'], now, problems) };
    case 'offer_id': {
      const offerId = request['offer_id'];
      const fine = typeof offerId === 'string' && offerId.trim() !== '' && offerId.length <= MAX_ID;
      if (!fine) problems.add('offer_id', `must be a text of 1 to ${MAX_ID} characters`);
      return fine ? { kind: 'offer', offerId } : null;
    }
    case 'gpu_type':
      return { kind: 'gpu', gpuType: readText(request, 'gpu_type', '', problems) };
  }
}

function readSeries(value: unknown, now: number, problems: Problems): PricePoint[] {
  if (!Array.isArray(value) || value.length < 2 || value.length > MAX_POINTS) {
    problems.add('series', `must be a list of 2 to ${MAX_POINTS} prices`);
    return [];
  }
  const entries: readonly unknown[] = value;
  const points = entries.flatMap((entry, index) => {
    const point = readPoint(entry, now - (entries.length - 1 - index) * HOUR_MS);
    if (point === null)
      problems.add(
        `series.${index}`,
        `must be {at, value}, a time with its zone and a price from 0 to ${MAX_PRICE}, or a price`,
      );
    return point ?? [];
  });
  const series = ordered(points);
  if (points.length === entries.length && series.length < 2) problems.add('series', 'must hold two moments at least');
  return series;
}

function readPoint(entry: unknown, ownMoment: number): PricePoint | null {
  if (isPrice(entry)) return { at: ownMoment, value: entry };
  if (!isObject(entry)) return null;
  const { at: moment, value, ...others } = entry;
  if (!isPrice(value) || Object.keys(others).length > 0 || typeof moment !== 'string') return null;
  const at = timeOf(moment);
  return at === null ? null : { at, value };
}

/** A forecast of the longest horizon must still have a year of four digits. */
const LATEST = Date.UTC(9999, 0, 1);

function timeOf(moment: string): number | null {
  const [, year, month, day] = MOMENT.exec(moment) ?? [];
  // The runtime takes the 30th of February for the 2nd of March.
  const isDay = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day);
  const at = Date.parse(moment);
  return isDay && at < LATEST ? at : null;
}

const isPrice = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= MAX_PRICE;
