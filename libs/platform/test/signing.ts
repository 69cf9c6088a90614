import { type TokenKind, type TokenTrust } from '@gpubroker/platform/auth';
import { TokenSigner, type Forgery } from '@gpubroker/testing/tokens';

export const SIGNER = TokenSigner.withNewKey();
const { privateKey, publicKey, kid } = SIGNER;
export const KEYS = { privateKey, publicKey, kid };
export const PUBLIC_PEM = SIGNER.publicPem;
export const TRUST: TokenTrust = SIGNER.trust;

export const nowInSeconds = (): number => Math.floor(Date.now() / 1000);
export const claimsOf = (kind: TokenKind = 'access'): Record<string, unknown> => SIGNER.claims(kind);
export const sign = (forgery: Forgery = {}, kind: TokenKind = 'access'): Promise<string> => SIGNER.sign(forgery, kind);
