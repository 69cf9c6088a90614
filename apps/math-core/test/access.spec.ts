import type { ErrorEnvelopeDto } from '@gpubroker/contracts/errors';
import { startMathCore, type RunningMathCore } from './support/running-math-core';
import { tokenOf } from './support/tokens';

interface ApiDocument {
  readonly paths: Record<string, Record<string, { security?: unknown[] }>>;
}

/** Open to everybody (SPEC G5), and the one that only services ask. */
const OPEN = [
  'GET /api/v2/math/benchmarks',
  'GET /api/v2/math/benchmarks/{gpu_type}',
  'GET /api/v2/recommendations/presets',
  'POST /api/v2/math/costs',
];

let math: RunningMathCore;
let operations: { method: string; path: string; secured: boolean }[];

beforeAll(async () => {
  math = await startMathCore();
  const document = (await (await fetch(`${math.service.url}/openapi.json`)).json()) as ApiDocument;
  operations = Object.entries(document.paths)
    .filter(([path]) => path.startsWith('/api/v2/'))
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { security }]) => ({
        method: method.toUpperCase(),
        path,
        secured: security !== undefined,
      })),
    );
});
afterAll(() => math.stop());

const ask = ({ method, path }: { method: string; path: string }, token: string | null) =>
  math.ask<ErrorEnvelopeDto>(path.slice('/api/v2/'.length).replaceAll(/\{\w+\}/g, 'x'), {
    method,
    token,
    ...(method === 'GET' || method === 'DELETE' ? {} : { body: {} }),
  });

it('refuses every operation to callers without a token, but the public ones', async () => {
  for (const operation of operations) {
    const { status, body } = await ask(operation, null);
    if (OPEN.includes(`${operation.method} ${operation.path}`)) expect(status).not.toBe(401);
    else expect([operation, status, body.error.code]).toEqual([operation, 401, 'UNAUTHENTICATED']);
  }
});

it('says in its document which operations want a token', () => {
  for (const { method, path, secured } of operations.filter(({ path }) => !path.endsWith('/presets')))
    expect([path, secured]).toEqual([path, !OPEN.includes(`${method} ${path}`)]);
});

it('tells a token that ran out from one that is none', async () => {
  const topsis = { method: 'POST', path: '/api/v2/math/topsis' };
  expect((await ask(topsis, tokenOf({ expiresIn: -60 }))).body.error.code).toBe('TOKEN_EXPIRED');
  expect((await ask(topsis, `${tokenOf().slice(0, -8)}AAAAAAAA`)).body.error.code).toBe('UNAUTHENTICATED');
  expect((await ask(topsis, tokenOf())).status).toBe(422);
});

it('knows no route without asking for a token first', async () => {
  expect((await math.ask('math/nothing', { token: null })).status).toBe(404);
});
