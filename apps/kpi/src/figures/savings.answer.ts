import type { GpuSavingsDto, SavingsDto } from '@gpubroker/contracts/kpi';
import { countedSql, marketBasis, median, money, WHOLE_MARKET } from './counted.sql';
import { oneRow, type MarketReading } from './market-reading';

const BY_GPU = `
  by_gpu AS (
    SELECT gpu_type, count(*)::int AS offers, min(price_per_hour)::float8 AS cheapest,
      ${median('price_per_hour')} AS median
    FROM priced GROUP BY gpu_type
  )`;

/** 1 − cheapest ÷ median per GPU model, weighted by offers (SPEC K2). */
export async function savingsAnswer(reading: MarketReading): Promise<SavingsDto> {
  const basis = await marketBasis(reading, WHOLE_MARKET);
  const items = await reading.rows<GpuSavingsDto>(
    `WITH ${countedSql(WHOLE_MARKET)}, ${BY_GPU}
     SELECT gpu_type, offers, ${money('cheapest')} AS cheapest_price_per_hour, ${money('median')} AS median_price_per_hour,
       ${money('1 - cheapest / median')} AS savings
     FROM by_gpu ORDER BY offers DESC, gpu_type COLLATE "C"`,
  );
  return { ...basis, savings: await overallSavings(reading), total: items.length, items };
}

export async function overallSavings(reading: MarketReading): Promise<number | null> {
  const { savings } = await oneRow<{ savings: number | null }>(
    reading,
    `WITH ${countedSql(WHOLE_MARKET)}, ${BY_GPU}
     SELECT ${money('sum(offers * (1 - cheapest / median)) / sum(offers)')} AS savings FROM by_gpu`,
  );
  return savings;
}
