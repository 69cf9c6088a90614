import type { TokenPairDto } from '@gpubroker/contracts/auth';
import { PASSWORD, startAuth, type Problem, type RunningAuth } from './support/running-auth';

const HOME = { 'x-forwarded-for': '203.0.113.7' };
const DEVICE = { 'x-client-fingerprint': 'the laptop of its owner' };
const from = (network: string) => ({ 'x-forwarded-for': network });

describe('guessing at an account from elsewhere', () => {
  let auth: RunningAuth;

  beforeAll(async () => {
    auth = await startAuth();
  });
  afterAll(() => auth.stop());

  const login = async (email: string, headers: Record<string, string>, password = PASSWORD) =>
    (await auth.post<TokenPairDto & Problem>('/api/v2/auth/login', { email, password }, undefined, headers)).status;

  /** As many wrong guesses as are computed, each from another network; then the delay is made to outlast the test. */
  const guessUntilSlowed = async (email: string) => {
    for (let network = 1; network <= 5; network += 1)
      expect(await login(email, from(`198.51.100.${network}`), 'wrong-guess')).toBe(401);
    await auth.sql("UPDATE auth.sign_in_failures SET failed_at = clock_timestamp() + interval '500 s'");
    expect(await login(email, from('198.51.100.99'), 'wrong-guess')).toBe(429);
  };

  it('does not keep its owner out of where he has signed in before', async () => {
    await auth.register('at-home@example.org');
    expect(await login('at-home@example.org', HOME)).toBe(200);
    await guessUntilSlowed('at-home@example.org');
    expect(await login('at-home@example.org', HOME)).toBe(200);
    expect(await login('AT-HOME@example.org', HOME)).toBe(200);
  });

  it('stays slow after the owner has signed in', async () => {
    await auth.register('slow-still@example.org');
    await login('slow-still@example.org', HOME);
    await guessUntilSlowed('slow-still@example.org');
    expect(await login('slow-still@example.org', HOME)).toBe(200);
    expect(await login('slow-still@example.org', from('198.51.100.100'))).toBe(429);
  });

  it('does not keep a device out that says which one it is, wherever it is', async () => {
    await auth.register('abroad@example.org');
    await login('abroad@example.org', { ...HOME, ...DEVICE });
    await guessUntilSlowed('abroad@example.org');
    expect(await login('abroad@example.org', { ...from('192.0.2.55'), ...DEVICE })).toBe(200);
    expect(await login('abroad@example.org', { ...from('192.0.2.55'), 'x-client-fingerprint': 'another' })).toBe(429);
  });

  it('is slowed at a known place too, after five failures there', async () => {
    await auth.register('shared-flat@example.org');
    await login('shared-flat@example.org', HOME);
    await login('neighbour@example.org', HOME);
    for (let failure = 1; failure <= 5; failure += 1)
      expect(await login('shared-flat@example.org', HOME, 'wrong-guess')).toBe(401);
    await auth.sql("UPDATE auth.sign_in_failures SET failed_at = clock_timestamp() + interval '500 s'");
    expect(await login('shared-flat@example.org', HOME)).toBe(429);
  });

  it('keeps no address and no network in the table', async () => {
    const rows = await auth.sql<{ place_hash: Buffer }>('SELECT place_hash FROM auth.known_places');
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every(({ place_hash }) => place_hash.length === 32)).toBe(true);
  });
});
