import { MemoryRateLimiter } from '@gpubroker/platform/limits';
import { AuthConfig } from '../auth.config';
import { RegistrationLimiter } from './registration.limiter';

const config = Object.assign(new AuthConfig(), { registrationsPerMinute: 2 });

it('takes so many of an address in any minute, and tells when the next may come', async () => {
  let now = 0;
  const limiter = new RegistrationLimiter(config, new MemoryRateLimiter({ now: () => now }));
  await limiter.take('192.0.2.1');
  now = 20_000;
  await limiter.take('192.0.2.1');
  now = 50_000;
  await expect(limiter.take('192.0.2.1')).rejects.toMatchObject({
    code: 'RATE_LIMITED',
    options: { retryAfterSeconds: 10 },
  });
  await limiter.take('192.0.2.2');
  now = 60_001;
  await limiter.take('192.0.2.1');
});

it('counts an IPv6 subscriber once, not each of his addresses', async () => {
  const limiter = new RegistrationLimiter(config, new MemoryRateLimiter());
  await limiter.take('2001:db8:1:2::1');
  await limiter.take('2001:db8:1:2::2');
  await expect(limiter.take('2001:db8:1:2::3')).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  await limiter.take('2001:db8:1:3::1');
});
