import { verifyToken } from '@gpubroker/platform/auth';
import { forgedTokens } from './forged-tokens';
import { TokenSigner } from './token-signer';

const signer = TokenSigner.withNewKey();

it('signs what its own trust believes', async () => {
  await expect(verifyToken(await signer.sign(), 'access', signer.trust)).resolves.toMatchObject({ plan: 'free' });
  await expect(verifyToken(await signer.sign({}, 'refresh'), 'refresh', signer.trust)).resolves.toBeDefined();
});

it('signs nothing that another trust believes', async () => {
  await expect(verifyToken(await TokenSigner.withNewKey().sign(), 'access', signer.trust)).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
  });
});

it('names the environment of a service that trusts it', () => {
  expect(signer.env.JWT_PUBLIC_KEY).not.toContain('\n');
});

it('forges at least eighty tokens, no two by one name', async () => {
  expect((await forgedTokens(signer)).size).toBeGreaterThanOrEqual(80);
});
