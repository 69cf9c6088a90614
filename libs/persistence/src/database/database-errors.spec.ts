import { QueryFailedError } from 'typeorm';
import { DatabaseUnavailableError, isDatabaseUnavailable } from '.';

const withCode = (code: string): Error => Object.assign(new Error('x'), { code });

describe('isDatabaseUnavailable', () => {
  it.each(['08006', '08P01', '57P01', '57P03', '53100', '53300', '25006', '58030', 'ECONNREFUSED', 'ECONNRESET'])(
    'takes %s for an outage',
    (code) => {
      expect(isDatabaseUnavailable(withCode(code))).toBe(true);
      expect(isDatabaseUnavailable(new QueryFailedError('SELECT 1', [], withCode(code)))).toBe(true);
    },
  );

  it.each(['23505', '22P02', '57014', '55P03', '40001', 'ENOENT'])('does not take %s for one', (code) => {
    expect(isDatabaseUnavailable(withCode(code))).toBe(false);
  });

  it.each([
    'timeout exceeded when trying to connect',
    'Connection terminated unexpectedly',
    'Driver not Connected',
    'Query read timeout',
  ])('understands "%s"', (message) => {
    expect(isDatabaseUnavailable(new Error(message))).toBe(true);
  });

  it('knows its own error and is not misled by what is none', () => {
    expect(isDatabaseUnavailable(new DatabaseUnavailableError())).toBe(true);
    expect(isDatabaseUnavailable('08006')).toBe(false);
    expect(isDatabaseUnavailable(undefined)).toBe(false);
  });
});
