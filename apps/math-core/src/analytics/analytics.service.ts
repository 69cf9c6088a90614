import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { PriceAnalyticsAnswerDto } from '@gpubroker/contracts/math';
import { validationError } from '@gpubroker/platform/errors';
import { resolveGpu } from '../benchmarks/resolve-gpu';
import { shown } from '../cost/rounding';
import type { AnalyticsRequest, PriceSubject } from './analytics-request';
import { forecast } from './forecast';
import { PriceHistory } from './price-history';
import type { PricePoint } from './price-series';
import { trendPerHour, volatility } from './price-statistics';

const INTERVAL = 0.9;
const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;
/** Share of the mean price a day below which nothing is said to move. */
const FLAT = 0.001;
const SHORT_HISTORY_MS = 3 * 86_400_000;

interface Prices {
  readonly series: readonly PricePoint[];
  readonly currency: string | null;
  readonly gpuModel: string | null;
}

/** How a price moved, and where it may go. */
@Injectable()
export class AnalyticsService {
  constructor(private readonly histories: PriceHistory) {}

  /** @throws ApiError NOT_FOUND, SERVICE_UNAVAILABLE; VALIDATION_ERROR for a GPU nobody knows */
  async analyse({ subject, horizonHours }: AnalyticsRequest, now: number): Promise<PriceAnalyticsAnswerDto> {
    const { series, currency, gpuModel } = await this.pricesOf(subject, now);
    const moment = (at: number): string => new Date(at).toISOString();
    const [first, last] = [series[0]?.at ?? now, series.at(-1)?.at ?? now];
    // What seconds did says nothing about hours; whoever sends a series means it.
    const tooShort = subject.kind !== 'series' && last - first < HOUR_MS;
    const trend = tooShort ? 0 : trendPerHour(series);
    return {
      volatility: shown(volatility(series)),
      trend: Number(trend.toPrecision(6)),
      trend_direction: directionOf(trend, series),
      forecast: forecast(series, horizonHours).map(({ at, value, low, high }) => ({
        at: moment(at),
        value: shown(value),
        low: shown(low),
        high: shown(high),
      })),
      interval: INTERVAL,
      source: subject.kind,
      gpu_model: gpuModel,
      currency,
      points: series.length,
      from: moment(first),
      to: moment(last),
      warnings: warningsOf(last - first, horizonHours, tooShort),
    };
  }

  private async pricesOf(subject: PriceSubject, now: number): Promise<Prices> {
    switch (subject.kind) {
      case 'series':
        // Reading thousands of prices and looking at them take some 20 ms each.
        await nextTurn();
        return { series: subject.series, currency: null, gpuModel: null };
      case 'offer':
        return { ...(await this.histories.ofOffer(subject.offerId, now)), gpuModel: null };
      case 'gpu': {
        const gpuModel = resolveGpu(subject.gpuType);
        if (gpuModel === null) throw validationError([{ field: 'gpu_type', message: 'is no GPU that is known' }]);
        return { ...(await this.histories.ofGpu(gpuModel, now)), gpuModel };
      }
    }
  }
}

function directionOf(perHour: number, series: readonly PricePoint[]): string {
  const mean = series.reduce((sum, { value }) => sum + value, 0) / Math.max(1, series.length);
  const perDay = perHour * DAY_HOURS;
  if (Math.abs(perDay) <= FLAT * mean) return 'flat';
  return perDay > 0 ? 'rising' : 'falling';
}

function warningsOf(spanMs: number, horizonHours: number, tooShort: boolean): string[] {
  return [
    ...(tooShort ? ['Less than an hour is known: no trend is told'] : []),
    ...(spanMs < SHORT_HISTORY_MS
      ? ['Less than three days are known: the interval is at least as wide as is usual for GPU prices']
      : []),
    ...(horizonHours * HOUR_MS > spanMs ? ['The forecast looks further ahead than the history looks back'] : []),
  ];
}
