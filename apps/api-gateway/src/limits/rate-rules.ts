import { Inject, Injectable } from '@nestjs/common';
import { TenantTermsBook } from '@gpubroker/platform/limits';
import { GATEWAY_CONFIG } from '../api-gateway.tokens';
import type { ApiGatewayConfig } from '../api-gateway.config';
import type { Identity } from '../identity/identity';

/** What a request is counted under. */
export interface Quota {
  readonly key: string;
  /** 0: nothing is let through. */
  readonly limit: number;
  readonly windowMs: number;
  readonly whose: 'tenant' | 'address';
}

const ADDRESS_WINDOW_MS = 60_000;
const TENANT_WINDOW_MS = 1_000;

/** Who pays for a request (SPEC S2): the tenant of a valid token, else the address it came from. */
@Injectable()
export class RateRules {
  private readonly perAddress: number;

  constructor(
    @Inject(GATEWAY_CONFIG) { ipRequestsPerMinute }: Pick<ApiGatewayConfig, 'ipRequestsPerMinute'>,
    private readonly terms: TenantTermsBook,
  ) {
    this.perAddress = ipRequestsPerMinute;
  }

  /** @returns null where nothing is counted */
  quotaOf(identity: Identity, address: string): Quota | null {
    if (identity.kind === 'user') {
      const { claims, credentials } = identity;
      const limit = this.terms.of(claims, credentials).rateLimitRps;
      return { key: `tenant:${claims.tenant_id}`, limit, windowMs: TENANT_WINDOW_MS, whose: 'tenant' };
    }
    if (this.perAddress === 0) return null;
    return { key: `ip:${address}`, limit: this.perAddress, windowMs: ADDRESS_WINDOW_MS, whose: 'address' };
  }
}
