import { PLAN_LIMITS, type AccessClaims } from '@gpubroker/contracts/auth';
import type { AccessChange } from '@gpubroker/contracts/events';
import { LRUCache } from 'lru-cache';

/** What a tenant may have at once. */
export interface TenantTerms {
  /** Requests per second; 0: none. */
  readonly rateLimitRps: number;
  /** Sockets open at once; 0: none. */
  readonly wsLimit: number;
}

/** The headers that say who the caller is. */
export type Credentials = Readonly<Record<string, string>>;

/** Asks auth in the caller's name; null or a rejection when it does not say. */
export type AskForTerms = (credentials: Credentials) => Promise<TenantTerms | null>;

export interface TenantTermsOptions {
  readonly ask: AskForTerms;
  /** Monotonic, in ms. */
  readonly now?: () => number;
}

type Tenant = Pick<AccessClaims, 'tenant_id' | 'plan'>;

interface Known {
  readonly terms: TenantTerms;
  /** When auth should be asked again. */
  readonly askAt: number;
}

const MAX_TENANTS = 100_000;
/** Changes come as events; this is for those that were missed. */
const ASK_AGAIN_MS = 300_000;
const RETRY_MS = 5_000;

/**
 * What each tenant may have: the plan in its token, until auth has said whether an admin gave it other numbers; then what auth said,
 * or the newest event. A token's plan may be 15 minutes old, and an override is in no token at all.
 */
export class TenantTermsBook {
  private readonly known = new LRUCache<string, Known>({ max: MAX_TENANTS });
  private readonly asking = new Map<string, Promise<void>>();
  private readonly ask: AskForTerms;
  private readonly now: () => number;

  constructor({ ask, now = () => performance.now() }: TenantTermsOptions) {
    this.ask = ask;
    this.now = now;
  }

  /** The best that is known at this moment; what is not known is found out meanwhile. */
  of(tenant: Tenant, credentials: Credentials): TenantTerms {
    void this.find(tenant, credentials);
    return this.known.get(tenant.tenant_id)?.terms ?? planTerms(tenant);
  }

  /** Waits for auth's word where it is missing; never rejects. */
  async settled(tenant: Tenant, credentials: Credentials): Promise<TenantTerms> {
    await this.find(tenant, credentials);
    return this.known.get(tenant.tenant_id)?.terms ?? planTerms(tenant);
  }

  /** What auth or an event said, without asking. */
  knownOf(tenantId: string): TenantTerms | null {
    return this.known.get(tenantId)?.terms ?? null;
  }

  note(change: AccessChange): void {
    if (change.kind !== 'tenant_changed') return;
    const terms = { rateLimitRps: change.rate_limit_rps, wsLimit: change.ws_limit };
    this.known.set(change.tenant_id, { terms, askAt: this.now() + ASK_AGAIN_MS });
    // What auth is saying at the moment may be from before the change.
    this.asking.delete(change.tenant_id);
  }

  private find(tenant: Tenant, credentials: Credentials): Promise<void> {
    const { tenant_id: id } = tenant;
    if (this.now() < (this.known.get(id)?.askAt ?? 0)) return Promise.resolve();
    const running = this.asking.get(id) ?? this.start(tenant, credentials);
    this.asking.set(id, running);
    return running;
  }

  private start(tenant: Tenant, credentials: Credentials): Promise<void> {
    const { tenant_id: id } = tenant;
    const question: Promise<void> = this.ask(credentials)
      .catch(() => null)
      .then((said) => {
        if (this.asking.get(id) !== question) return;
        this.asking.delete(id);
        const terms = said ?? this.known.get(id)?.terms ?? planTerms(tenant);
        this.known.set(id, { terms, askAt: this.now() + (said === null ? RETRY_MS : ASK_AGAIN_MS) });
      });
    return question;
  }
}

const planTerms = ({ plan }: Tenant): TenantTerms => PLAN_LIMITS[plan];
