import { AuthConfig } from '../auth.config';
import { RegistrationLimiter } from './registration.limiter';

const config = Object.assign(new AuthConfig(), { registrationsPerMinute: 2 });

it('takes so many of an address in any minute, and tells when the next may come', () => {
  let now = 0;
  const limiter = new RegistrationLimiter(config, () => now);
  limiter.take('a');
  now = 20_000;
  limiter.take('a');
  now = 50_000;
  expect(thrownBy(() => limiter.take('a'))).toMatchObject({ code: 'RATE_LIMITED', options: { retryAfterSeconds: 10 } });
  limiter.take('b');
  now = 60_000;
  limiter.take('a');
});

it('keeps nothing of those who never come back', () => {
  let now = 60_000;
  const limiter = new RegistrationLimiter(config, () => now);
  for (let at = 0; at < 100; at += 1) limiter.take(`address ${at}`);
  now += 60_000;
  limiter.take('last');
  expect((limiter as unknown as { times: Map<string, unknown> }).times.size).toBe(1);
});

function thrownBy(work: () => void): unknown {
  try {
    work();
    return null;
  } catch (error) {
    return error;
  }
}
