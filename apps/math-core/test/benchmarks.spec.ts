import type { BenchmarkListDto, ResolvedBenchmarkDto } from '@gpubroker/contracts/math';
import type { ErrorEnvelopeDto } from '@gpubroker/contracts/errors';
import { assertNoDrift, revertLastMigration, runMigrations } from '@gpubroker/persistence/migrations';
import { freshDatabase, legacyDatabase, rowsOf } from '@gpubroker/testing/postgres';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import { mathCoreDatabase } from '../src/math-core.database';
import { startMathCore, type RunningMathCore } from './support/running-math-core';

describe('the benchmarks', () => {
  let math: RunningMathCore;

  beforeAll(async () => {
    math = await startMathCore();
  });
  afterAll(() => math.stop());

  it('are listed by model, unpaged, with a source each and no zeros', async () => {
    const { status, body } = await math.get<BenchmarkListDto>('benchmarks');
    expect(status).toBe(200);
    expect(body.total).toBe(body.items.length);
    const models = body.items.map(({ gpu_model }) => gpu_model);
    expect(models).toEqual(expect.arrayContaining(['A100-80GB-SXM', 'H100-SXM', 'V100-SXM2-16GB', 'RTX-4090']));
    for (const item of body.items) {
      expect(item.source).not.toBe('');
      expect(Object.values(item)).not.toContain(0);
    }
  });

  it.each([
    ['H100', 'H100-SXM', 3350],
    ['a100', 'A100-80GB-SXM', 2039],
    ['rtx%204090', 'RTX-4090', 1008],
    ['V100', 'V100-SXM2-16GB', 900],
  ])('resolve %s to %s', async (name, model, bandwidth) => {
    const { status, body } = await math.get<ResolvedBenchmarkDto>(`benchmarks/${name}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ resolved_to: model, gpu_model: model, memory_bandwidth_gbps: bandwidth });
    expect(body.requested).toBe(decodeURIComponent(name));
  });

  it('say which figures were derived, and that they verify nothing', async () => {
    const measured = await math.get<ResolvedBenchmarkDto>('benchmarks/H100-PCIE');
    expect(measured.body).toMatchObject({ tokens_per_second_7b: 83, derived: [] });
    expect(measured.body.verified_at).not.toBeNull();
    const { body } = await math.get<ResolvedBenchmarkDto>('benchmarks/H100-SXM');
    expect(body.derived).toEqual(['tokens_per_second_7b', 'tokens_per_second_13b', 'tokens_per_second_70b']);
    expect(body.source).toMatch(/; derived: tokens_per_second_7b, /);
    expect(body.verified_at).toBeNull();
    expect(body.tokens_per_second_7b).toBeGreaterThan(measured.body.tokens_per_second_7b ?? Infinity);
  });

  it('derive no speed of a model that the card does not hold', async () => {
    const { body } = await math.get<ResolvedBenchmarkDto>('benchmarks/RTX-3070');
    expect(body).toMatchObject({ tokens_per_second_7b: null, derived: [] });
  });

  it.each(['Banana%209000', 'RTX%206000', '%25', "x'%20OR%201=1"])('answer 404 for %s', async (name) => {
    const { status, body } = await math.get<ErrorEnvelopeDto>(`benchmarks/${name}`);
    expect(status).toBe(404);
    expect(body.error.code).toBe('NOT_FOUND');
  });

  it('find a card that somebody entered by hand', async () => {
    await rowsOf(
      math.database.url,
      "INSERT INTO gpu_benchmarks SELECT gen_random_uuid(), 'Banana 1', 1, 2, NULL, 3, 4, 5, NULL, NULL, NULL, 'by hand', NULL, now()",
    );
    const { body } = await math.get<ResolvedBenchmarkDto>('benchmarks/banana%201');
    expect(body).toMatchObject({ gpu_model: 'Banana 1', tflops_fp16: 2, verified_at: null });
    await rowsOf(math.database.url, "DELETE FROM gpu_benchmarks WHERE gpu_model = 'Banana 1'");
  });
});

it('answers 503 while the database is away, and stays healthy enough for what needs no table', async () => {
  const math = await startMathCore({ databaseUrl: 'postgres://nobody@127.0.0.1:9/none' });
  try {
    const { status, body } = await math.get<ErrorEnvelopeDto>('benchmarks');
    expect(status).toBe(503);
    expect(body).toMatchObject({ detail: 'Database not available', error: { code: 'DB_UNAVAILABLE' } });
    expect((await fetch(`${math.service.url}/health`)).status).toBe(200);
  } finally {
    await math.stop();
  }
});

it('fits its entities and can be taken back', async () => {
  const database = await freshDatabase();
  const definition = mathCoreDatabase({
    databaseUrl: database.url,
    databaseDirectUrl: undefined,
    databasePoolSize: 2,
  });
  expect(await runMigrations(definition)).toHaveLength(4);
  await assertNoDrift(definition);
  for (let left = 4; left > 0; left -= 1) await revertLastMigration(definition);
  expect(
    await rowsOf(database.url, "SELECT 1 FROM information_schema.tables WHERE table_name = 'gpu_benchmarks'"),
  ).toEqual([]);
  await database.drop();
});

describeWithShared('the benchmarks of the earlier build', (shared) => {
  it('are adopted: no row and no column is changed, and the missing cards are added', async () => {
    const database = await legacyDatabase(shared);
    const legacy = () =>
      rowsOf(database.url, "SELECT * FROM gpu_benchmarks WHERE gpu_model IN ('A100', 'RTX 4090') ORDER BY gpu_model");
    const before = await legacy();
    const math = await startMathCore({ database });
    try {
      expect(await legacy()).toEqual(before);
      const { body } = await math.get<ResolvedBenchmarkDto>('benchmarks/A100');
      expect(body.resolved_to).toBe('A100-80GB-SXM');
    } finally {
      await math.stop();
    }
  });
});
