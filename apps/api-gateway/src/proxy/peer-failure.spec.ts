import { BulkheadFullError, CircuitOpenError, TimeoutError } from '@gpubroker/circuit-breaker';
import { isRepeatable, speaksAgainstPeer, toGatewayError } from './peer-failure';

const withCode = (code: string) => Object.assign(new Error('x'), { code });

it.each([
  [new CircuitOpenError('kpi', 1_500), 503, 'SERVICE_UNAVAILABLE', 2],
  [new CircuitOpenError('kpi', 0), 503, 'SERVICE_UNAVAILABLE', 1],
  [new BulkheadFullError('kpi', 3), 503, 'SERVICE_UNAVAILABLE', 1],
  [withCode('ECONNREFUSED'), 503, 'SERVICE_UNAVAILABLE', 2],
  [withCode('UND_ERR_CONNECT_TIMEOUT'), 503, 'SERVICE_UNAVAILABLE', 2],
  [new TimeoutError(10), 502, 'UPSTREAM_FAILED', undefined],
  [withCode('ECONNRESET'), 502, 'UPSTREAM_FAILED', undefined],
  [withCode('UND_ERR_INVALID_ARG'), 400, 'MALFORMED_REQUEST', undefined],
  ['a string', 502, 'UPSTREAM_FAILED', undefined],
  [null, 502, 'UPSTREAM_FAILED', undefined],
])('%s is answered %i %s', (error, status, code, retryAfterSeconds) => {
  expect(toGatewayError('kpi', error)).toMatchObject({ status, code });
  expect(toGatewayError('kpi', error).options.retryAfterSeconds).toBe(retryAfterSeconds);
});

it.each([
  ['GET', 'ECONNRESET', true],
  ['PUT', 'UND_ERR_SOCKET', true],
  ['GET', 'ETIMEDOUT', false],
  ['POST', 'ECONNREFUSED', false],
  ['PATCH', 'ECONNRESET', false],
])('%s after %s is repeated: %s', (method, code, repeated) => {
  expect(isRepeatable(method, withCode(code))).toBe(repeated);
});

it('holds a request that cannot be written against nobody', () => {
  expect(speaksAgainstPeer(withCode('UND_ERR_INVALID_ARG'))).toBe(false);
  expect(speaksAgainstPeer(withCode('ECONNRESET'))).toBe(true);
});
