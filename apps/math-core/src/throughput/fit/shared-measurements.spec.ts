import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import { gpuFacts } from '../../benchmarks/gpu-facts';
import { resolveGpu } from '../../benchmarks/resolve-gpu';
import { costPerTokenAnswer } from '../../cost/cost-answer';
import { parseCostPerToken } from '../../cost/cost-request';
import { precisionOf } from '../precision';
import { quantile } from './fit';

type Row = Readonly<Record<string, string>>;

function rowsOf(path: string): Row[] {
  const [head = '', ...lines] = readFileSync(path, 'utf8').trim().split('\n');
  const cells = (line: string) =>
    [...line.matchAll(/("([^"]*)"|[^,]*)(?:,|$)/g)].map((match) => match[2] ?? match[1] ?? '');
  const names = cells(head);
  return lines.map((line) => Object.fromEntries(cells(line).map((cell, index) => [names[index] ?? '', cell])));
}

interface Outcome {
  readonly kind: 'single' | 'batched';
  readonly error: number;
  readonly inside: boolean;
}

const numberIn = (text: string | undefined) => (text === undefined || text === '' ? null : Number(text));

/** One GPU's row as a caller would ask for it, names as the table writes them; empty where the card or format is not known. */
function outcomeOf(row: Row): Outcome[] {
  const facts = gpuFacts(resolveGpu(row['gpu'] ?? '') ?? '');
  if (row['gpu_count'] !== '1' || facts?.memoryBandwidth == null || precisionOf(row['precision'] ?? '') === null)
    return [];
  const batch = numberIn(row['batch']?.replace('max', '256')) ?? 256;
  const request = parseCostPerToken({
    ...{ price_per_hour: 1, gpu_type: row['gpu'], model_size: row['model'], precision: row['precision'] },
    ...{ engine: row['engine'], batch },
    ...{ input_tokens: numberIn(row['input_tokens']), output_tokens: numberIn(row['output_tokens']) },
  });
  const answer = costPerTokenAnswer(request, { ...facts, memoryBandwidth: facts.memoryBandwidth });
  if (answer === null) return [];
  const measured = Number(row['tokens_per_second']);
  const { low, high } = answer.calculation_details.tokens_per_second_range;
  return [
    {
      kind: batch === 1 ? 'single' : 'batched',
      error: Math.abs(answer.tokens_per_second / measured - 1),
      inside: low <= measured && measured <= high,
    },
  ];
}

describeWithShared('the shared measurements, asked for as a caller would', (shared) => {
  const outcomes = rowsOf(join(shared, 'data/llm-throughput.csv')).flatMap(outcomeOf);
  const errors = (kind: string) => outcomes.filter((one) => one.kind === kind).map(({ error }) => error);

  it('are met by 6 % at the median and 15 % at p90, one request at a time', () => {
    expect(errors('single').length).toBeGreaterThan(90);
    expect(quantile(errors('single'), 0.5)).toBeLessThanOrEqual(0.06);
    expect(quantile(errors('single'), 0.9)).toBeLessThanOrEqual(0.15);
  });

  it('are met by 20 % at the median, batched', () => {
    expect(errors('batched').length).toBeGreaterThan(35);
    expect(quantile(errors('batched'), 0.5)).toBeLessThanOrEqual(0.2);
  });

  it.each(['single', 'batched'])('lie inside the stated range, nine of ten: %s', (kind) => {
    const inside = outcomes.filter((one) => one.kind === kind).map((one) => one.inside);
    expect(inside.filter(Boolean).length / inside.length).toBeGreaterThanOrEqual(0.9);
  });
});
