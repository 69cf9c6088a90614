import type { AccessClaims } from '@gpubroker/contracts/auth';
import type { Identity } from '../identity/identity';

/** What a request is counted under. */
export interface Quota {
  readonly key: string;
  readonly limit: number;
  readonly windowMs: number;
  readonly whose: 'tenant' | 'address';
}

const ADDRESS_WINDOW_MS = 60_000;
const TENANT_WINDOW_MS = 1_000;

/** Who pays for a request (SPEC S2): the tenant of a valid token, else the address it came from. */
export class RateRules {
  constructor(
    private readonly perAddress: number,
    private readonly perTenant: (claims: AccessClaims) => number,
  ) {}

  /** @returns null where nothing is counted */
  quotaOf(identity: Identity, address: string): Quota | null {
    if (identity.kind === 'user') {
      const { claims } = identity;
      const limit = this.perTenant(claims);
      return { key: `tenant:${claims.tenant_id}`, limit, windowMs: TENANT_WINDOW_MS, whose: 'tenant' };
    }
    if (this.perAddress === 0) return null;
    return { key: `ip:${address}`, limit: this.perAddress, windowMs: ADDRESS_WINDOW_MS, whose: 'address' };
  }
}
