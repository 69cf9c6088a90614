import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { DAY_PRICES_COUNTED_SQL, lastDaysSql, type DayRow } from '../figures/day-prices.sql';
import { distributionAnswer } from '../figures/distribution.answer';
import { gpuAnswer } from '../figures/gpu.answer';
import { KpiService } from '../figures/kpi.service';
import type { MarketReading } from '../figures/market-reading';
import { marketAnswer } from '../figures/market.answer';
import { overviewAnswer } from '../figures/overview.answer';
import { providerAnswer } from '../figures/provider.answer';
import { savingsAnswer } from '../figures/savings.answer';
import { shareAnswer } from '../figures/share.answer';
import { dayRows } from '../figures/trend.answer';
import { knownGpus } from '../projection/known-gpus';
import type { KpiDayPrices, KpiSnapshot } from './snapshot';

const BUCKETS = 20;
const MOST_DAYS = 30;

/** On the service's own port only: the gateway does not route it, and the API document does not show it. */
@ApiExcludeController()
@Controller('internal/kpi')
export class SnapshotController {
  constructor(private readonly kpi: KpiService) {}

  @Get('snapshot')
  snapshot(): Promise<KpiSnapshot> {
    return this.kpi.atOnce(async (reading) => ({
      overview: await overviewAnswer(reading),
      market: await marketAnswer(reading),
      share: await shareAnswer(reading),
      savings: await savingsAnswer(reading),
      distribution: await distributionAnswer(reading, BUCKETS),
      gpus: await answersTo(await gpuNames(reading), (name) => gpuAnswer(reading, name)),
      providers: await answersTo(await providerNames(reading), (name) => providerAnswer(reading, name)),
    }));
  }

  /** Reads every price point: some seconds for half a million. */
  @Get('day-prices')
  dayPrices(): Promise<KpiDayPrices> {
    return this.kpi.atOnce(async (reading) => {
      await reading.rows("SET LOCAL statement_timeout = '25s'");
      return {
        answered: await dayRows(reading, MOST_DAYS),
        counted: await reading.rows<DayRow>(
          `WITH days AS MATERIALIZED (${lastDaysSql('$1::int')}) ${DAY_PRICES_COUNTED_SQL}`,
          [MOST_DAYS],
        ),
      };
    });
  }
}

async function answersTo<Answer>(
  names: readonly string[],
  ask: (name: string) => Promise<Answer>,
): Promise<Record<string, Answer>> {
  const answers: Record<string, Answer> = {};
  for (const name of names) answers[name] = await ask(name);
  return answers;
}

async function gpuNames(reading: MarketReading): Promise<string[]> {
  const known = await knownGpus({ query: (sql) => reading.rows(sql) });
  return [...new Set(known.flatMap(({ gpu_type, gpu_family }) => [gpu_type, ...(gpu_family ? [gpu_family] : [])]))];
}

async function providerNames(reading: MarketReading): Promise<string[]> {
  const rows = await reading.rows<{ provider: string }>('SELECT provider FROM kpi.providers ORDER BY provider');
  return rows.map(({ provider }) => provider);
}
