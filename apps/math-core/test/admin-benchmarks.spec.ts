import type { ErrorEnvelopeDto } from '@gpubroker/contracts/errors';
import { auditEvents, type AuditEvent } from '@gpubroker/contracts/events';
import type { AdminBenchmarkDto, AdminBenchmarkListDto, ResolvedBenchmarkDto } from '@gpubroker/contracts/math';
import { eventually } from '@gpubroker/testing/eventually';
import { rowsOf } from '@gpubroker/testing/postgres';
import { startMathCore, type AskOptions, type RunningMathCore } from './support/running-math-core';
import { tokenOf } from './support/tokens';

const UID = '3f1c2a58-6d0b-4f0e-9f51-0a8d8f7f3a11';
const TENANT = '7b0c0f6e-2f5c-4b57-8a3d-5d3d2f1b9c22';
const NOBODY = 'e0000000-0000-4000-8000-000000000000';
const admin = (): string => tokenOf({ roles: ['admin'], uid: UID, tenantId: TENANT });

let math: RunningMathCore;
beforeAll(async () => {
  math = await startMathCore();
});
afterAll(() => math.stop());

const ask = <Body>(path: string, options: AskOptions = {}) =>
  math.ask<Body>(`admin/benchmarks${path}`, { token: admin(), ...options });
const list = async (query: string) => {
  const { status, body } = await ask<AdminBenchmarkListDto>(query);
  expect([status, body]).toEqual([200, expect.objectContaining({ total: expect.any(Number) as number })]);
  return body;
};
const create = async (body: object) =>
  (await ask<AdminBenchmarkDto>('', { body: { source: 'by hand', ...body } })).body;

/** What reached the log, which auth reads: the relay has carried it there. */
async function audited(resourceId: string | null, action: string): Promise<AuditEvent[]> {
  const rows = await rowsOf<{ value: string }>(
    math.database.url,
    'SELECT value FROM events.event_log WHERE topic = $1 ORDER BY "offset"',
    [auditEvents.topic],
  );
  const entries = rows.map(({ value }) => JSON.parse(value) as AuditEvent);
  return entries.filter((entry) => entry.resource_id === resourceId && entry.action === action);
}

it('is for administrators only', async () => {
  for (const role of ['tenant_admin', 'user'] as const) {
    const { status, body } = await ask<ErrorEnvelopeDto>('', { token: tokenOf({ roles: [role] }) });
    expect([status, body.error.code]).toEqual([403, 'FORBIDDEN']);
  }
  expect((await ask('', { token: null })).status).toBe(401);
});

it('lists rows as they are stored: paged, searched, sorted', async () => {
  const first = await list('?per_page=10');
  expect(first.items).toHaveLength(10);
  expect(first.total).toBeGreaterThan(100);
  const models = first.items.map(({ gpu_model }) => gpu_model.toLowerCase());
  expect(models).toEqual(models.toSorted());
  const second = await list('?per_page=10&page=2');
  expect(second.items.map(({ id }) => id)).not.toContain(first.items[0]?.id);
  const found = await list('?q=h100&sort=-memory_bandwidth_gbps');
  expect(found.items[0]?.gpu_model).toBe('H100-SXM');
  // H100-NVL has no bandwidth: what is not known comes last.
  expect(found.items.at(-1)).toMatchObject({ memory_bandwidth_gbps: null, is_active: true });
  expect((await list('?q=%25')).total).toBe(0);
  expect((await list('?verified=false')).total).toBe(0);
  expect((await list('?page=1000')).items).toEqual([]);
});

it('creates a row that answers use, and leaves blank what is not known', async () => {
  const { status, body } = await ask<AdminBenchmarkDto>('', {
    body: { gpu_model: 'Plum 1', source: 'by hand', memory_bandwidth_gbps: 900.5, tflops_fp16: null, vram_gb: 24 },
  });
  expect(status).toBe(201);
  expect(body).toMatchObject({
    gpu_model: 'Plum 1',
    memory_bandwidth_gbps: 900.5,
    tflops_fp16: null,
    verified_at: null,
  });
  const { body: shown } = await math.get<ResolvedBenchmarkDto>('benchmarks/plum%201');
  expect(shown).toMatchObject({ gpu_model: 'Plum 1', vram_gb: 24, tflops_fp32: null });
  expect((await math.post('cost-per-token', { price_per_hour: 1, gpu_type: 'Plum 1', model_size: '7b' })).status).toBe(
    200,
  );
});

it('refuses a second row of a model, whatever its case', async () => {
  const { status } = await ask('', { body: { gpu_model: 'h100-sxm', source: 'x' } });
  expect(status).toBe(409);
  const { id } = await create({ gpu_model: 'Plum 2' });
  expect((await ask(`/${id}`, { method: 'PATCH', body: { gpu_model: 'T4' } })).status).toBe(409);
  expect((await ask(`/${id}`, { method: 'PATCH', body: { gpu_model: 'PLUM 2' } })).status).toBe(200);
});

it('changes what is named and nothing else, and says what it was before', async () => {
  const { id } = await create({ gpu_model: 'Plum 3', vram_gb: 16, tokens_per_second_7b: 10 });
  const change = { tokens_per_second_7b: 12, source: 'measured', verified_at: '2026-11-01T10:00:00+02:00' };
  const { status, body } = await ask<AdminBenchmarkDto>(`/${id}`, { method: 'PATCH', body: change });
  expect(status).toBe(200);
  expect(body).toMatchObject({ vram_gb: 16, tokens_per_second_7b: 12, verified_at: '2026-11-01T08:00:00.000Z' });
  const cleared = await ask<AdminBenchmarkDto>(`/${id}`, { method: 'PATCH', body: { vram_gb: null } });
  expect(cleared.body.vram_gb).toBeNull();
  const entries = await eventually(
    () => audited(id, 'benchmark.changed'),
    (found) => found.length === 2,
  );
  expect(entries[0]?.details.changed).toMatchObject({ tokens_per_second_7b: { from: 10, to: 12 } });
  await ask(`/${id}`, { method: 'PATCH', body: { verified_at: '2026-11-01T08:00:00.000Z', source: 'measured' } });
  expect((await ask<AdminBenchmarkDto>(`/${id}`)).body.verified_at).toBe('2026-11-01T08:00:00.000Z');
  expect(await audited(id, 'benchmark.changed')).toHaveLength(2);
});

it('takes a row out of every answer, and back', async () => {
  const { id } = await create({ gpu_model: 'Plum 4', vram_gb: 16 });
  const { status, body } = await ask<AdminBenchmarkDto>(`/${id}/deactivate`, { method: 'POST', body: {} });
  expect([status, body.is_active]).toEqual([200, false]);
  expect((await math.get('benchmarks/Plum%204')).status).toBe(404);
  expect((await list('?is_active=false')).items.map(({ gpu_model }) => gpu_model)).toEqual(['Plum 4']);
  await ask(`/${id}`, { method: 'PATCH', body: { is_active: true } });
  expect((await math.get('benchmarks/Plum%204')).status).toBe(200);
});

it('records who read or did what, and from where', async () => {
  const { id } = await create({ gpu_model: 'Plum 5' });
  await ask(`/${id}`);
  const [created] = await eventually(
    () => audited(id, 'benchmark.created'),
    (found) => found.length === 1,
  );
  expect(created).toMatchObject({
    user_id: UID,
    tenant_id: TENANT,
    resource_type: 'benchmark',
    details: { gpu_model: 'Plum 5', source: 'by hand' },
  });
  expect(created?.ip).toMatch(/127\.0\.0\.1/);
  await eventually(
    () => audited(id, 'benchmark.read'),
    (found) => found.length === 1,
  );
  await eventually(
    () => audited(null, 'benchmarks.listed'),
    (found) => found.length > 0,
  );
});

it('answers 404 for what nobody has', async () => {
  for (const id of [NOBODY, 'x', "1'; DROP TABLE gpu_benchmarks"]) {
    const path = `/${encodeURIComponent(id)}`;
    expect((await ask(path)).status).toBe(404);
    expect((await ask(path, { method: 'PATCH', body: { vram_gb: 1 } })).status).toBe(404);
    expect((await ask(`${path}/deactivate`, { method: 'POST', body: {} })).status).toBe(404);
  }
});

const GOOD = { gpu_model: 'Plum 6', source: 'by hand' };
it.each([
  [{ source: 'x' }, 'gpu_model'],
  [{ gpu_model: 'Plum 6' }, 'source'],
  [{ ...GOOD, gpu_model: '' }, 'gpu_model'],
  [{ ...GOOD, gpu_model: 'a\u0000b' }, '(body)'],
  [{ ...GOOD, gpu_model: 'x'.repeat(101) }, 'gpu_model'],
  [{ ...GOOD, vram_gb: 0 }, 'vram_gb'],
  [{ ...GOOD, vram_gb: 1.5 }, 'vram_gb'],
  [{ ...GOOD, vram_gb: '24' }, 'vram_gb'],
  [{ ...GOOD, tflops_fp16: -1 }, 'tflops_fp16'],
  [{ ...GOOD, tflops_fp16: 1e9 }, 'tflops_fp16'],
  [{ ...GOOD, verified_at: 'yesterday' }, 'verified_at'],
  [{ ...GOOD, is_active: 'no' }, 'is_active'],
  [{ ...GOOD, id: NOBODY }, 'id'],
])('answers 422 for %j', async (wanted, field) => {
  const { status, body } = await ask<ErrorEnvelopeDto>('', { body: wanted });
  expect(status).toBe(422);
  expect(body.error.details?.map((detail) => detail.field)).toContain(field);
});

it.each(['?sort=id', '?per_page=7', '?page=0', '?is_active=maybe', '?extra=1'])('answers 422 for %s', async (query) => {
  expect((await ask(query)).status).toBe(422);
});
