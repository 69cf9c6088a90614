export { forgedTokens } from './forged-tokens';
export { TokenSigner, type Forgery, type SignerOptions } from './token-signer';
