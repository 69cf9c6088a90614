import type { AccessClaims } from '@gpubroker/contracts/auth';
import type { ApiError } from '@gpubroker/platform/errors';

/** Who asks, as far as the gateway could find out. */
export type Identity =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'user'; readonly claims: AccessClaims }
  /** A token came and is not believed, or cannot be checked at the moment. */
  | { readonly kind: 'refused'; readonly reason: ApiError };
