export { Caller, Public, Roles, type CallerRequest } from './access.decorators';
export { AccessChangeFeed, type AccessChangeSource } from './access-change.feed';
export { accessChangeFeed, accessControl } from './access-control';
export { BearerGuard, TOKEN_TRUST } from './bearer.guard';
export { authenticate, BearerStrategy } from './bearer.strategy';
export { bindingOf, FINGERPRINT_HEADER, fingerprintOf } from './client-binding';
export { ExternalIdentities, type ExternalDirectory, type ExternalIdentity } from './external-identities';
export { externalIssuersEnv, type ExternalIssuerSettings } from './external-issuers.env';
export { ExternalTokens, type ExternalToken } from './external-tokens';
export { FixedKeys } from './fixed.keys';
export { JwksKeys, type JwksTimes } from './jwks.keys';
export { keyIdOf } from './key-id';
export { RevocationList } from './revocation-list';
export { TOKEN_ALGORITHMS, tokenEnv, tokenRuleEnv, toTokenTrust, type TokenAlgorithm } from './token.env';
export { keysOfJwks, type VerificationKey, type VerificationKeys } from './verification-keys';
export {
  TOKEN_TYPES,
  verifyToken,
  type ClaimsOf,
  type TokenCircumstances,
  type TokenKind,
  type TokenTrust,
} from './verify-token';
