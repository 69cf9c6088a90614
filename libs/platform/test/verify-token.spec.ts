import { bindingOf, verifyToken, type TokenTrust } from '@gpubroker/platform/auth';
import { ApiError } from '@gpubroker/platform/errors';
import { forgedTokens } from '@gpubroker/testing/tokens';
import { claimsOf, KEYS, nowInSeconds, sign, TRUST, SIGNER } from './signing';

const codeOf = (token: string, trust: TokenTrust = TRUST): Promise<string> =>
  verifyToken(token, 'access', trust).then(
    () => 'accepted',
    (error: unknown) => (error instanceof ApiError ? error.code : `not an ApiError: ${String(error)}`),
  );

describe('verifying a token', () => {
  it('believes what the trusted key signed, and gives its claims', async () => {
    const claims = claimsOf();
    await expect(verifyToken(await sign({ claims }), 'access', TRUST)).resolves.toEqual(claims);
    await expect(verifyToken(await sign({}, 'refresh'), 'refresh', TRUST)).resolves.toMatchObject({ type: 'refresh' });
  });

  it('believes none of at least eighty forgeries', async () => {
    const forged = await forgedTokens(SIGNER);
    expect(forged.size).toBeGreaterThanOrEqual(80);
    const codes = new Map<string, string>();
    for (const [name, token] of forged) codes.set(name, await codeOf(token));
    const believed = [...codes].filter(([, code]) => !['UNAUTHENTICATED', 'TOKEN_EXPIRED'].includes(code));
    expect(believed).toEqual([]);
  });

  it('believes none of a thousand tokens with one bit of the signature turned', async () => {
    const [head, body, signature = ''] = (await sign()).split('.');
    const bytes = Buffer.from(signature, 'base64url');
    for (let round = 0; round < 1_000; round += 1) {
      const bent = Buffer.from(bytes);
      const at = (round * 7) % bent.length;
      bent[at] = (bent[at] ?? 0) ^ (1 << (round % 8));
      expect(await codeOf(`${head}.${body}.${bent.toString('base64url')}`)).toBe('UNAUTHENTICATED');
    }
  });

  it('says that a good token has expired, at the latest five seconds after', async () => {
    const iat = nowInSeconds() - 903;
    expect(await codeOf(await sign({ claims: { iat, exp: iat + 900 } }))).toBe('TOKEN_EXPIRED');
    const token = await sign();
    await expect(verifyToken(token, 'access', TRUST, { now: Date.now() + 899_000 })).resolves.toBeDefined();
    await expect(verifyToken(token, 'access', TRUST, { now: Date.now() + 905_000 })).rejects.toMatchObject({
      code: 'TOKEN_EXPIRED',
    });
  });

  it('does not say that a forged token has expired', async () => {
    const iat = nowInSeconds() - 3_600;
    const [head, body] = (await sign({ claims: { iat, exp: iat + 900 } })).split('.');
    expect(await codeOf(`${head}.${body}.${Buffer.alloc(256).toString('base64url')}`)).toBe('UNAUTHENTICATED');
  });

  it.each(['access', 'refresh', 'mfa'] as const)(
    'believes a bound %s token only with its fingerprint',
    async (kind) => {
      const exp = nowInSeconds() + 300;
      const token = await sign({ claims: { fph: bindingOf('a browser'), exp } }, kind);
      const verify = (fingerprint?: string) => verifyToken(token, kind, TRUST, { fingerprint });
      await expect(verify('a browser')).resolves.toMatchObject({ fph: bindingOf('a browser') });
      for (const other of ['another', 'A browser', 'a browser ', '', bindingOf('a browser'), undefined])
        await expect(verify(other)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    },
  );

  it('believes an unbound token with any fingerprint, and none whose binding is no hash', async () => {
    await expect(verifyToken(await sign(), 'access', TRUST, { fingerprint: 'any' })).resolves.toBeDefined();
    for (const fph of ['', 'a browser', null, 1, [bindingOf('a browser')]])
      await expect(
        verifyToken(await sign({ claims: { fph } }), 'access', TRUST, { fingerprint: 'a browser' }),
      ).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('uses a key for its own algorithm only, also where several are believed', async () => {
    const trust = { ...TRUST, algorithms: ['RS256', 'PS256', 'EdDSA'] };
    expect(await codeOf(await sign({ header: { alg: 'PS256' }, key: KEYS.privateKey }), trust)).toBe('UNAUTHENTICATED');
    expect(await codeOf(await sign(), trust)).toBe('accepted');
  });
});
