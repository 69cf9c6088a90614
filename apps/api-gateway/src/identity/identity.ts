import type { AccessClaims } from '@gpubroker/contracts/auth';
import type { ApiError } from '@gpubroker/platform/errors';
import type { Credentials } from '@gpubroker/platform/limits';

/** Who asks, as far as the gateway could find out. */
export type Identity =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'user'; readonly claims: AccessClaims; readonly credentials: Credentials }
  /** A token came and is not believed, or cannot be checked at the moment. */
  | { readonly kind: 'refused'; readonly reason: ApiError };
