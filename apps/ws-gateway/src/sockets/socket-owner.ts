import type { AccessClaims } from '@gpubroker/contracts/auth';

/** On whose account a socket is open: a tenant's, or an address's where nobody signed in. */
export type SocketOwner =
  | { readonly kind: 'address' }
  | {
      readonly kind: 'user';
      readonly claims: AccessClaims;
      /** Sockets that its tenant may have. */
      readonly wsLimit: number;
    };

/** Under which name the owner's sockets are counted. @param address as addressKey gives it */
export const holderOf = (owner: SocketOwner, address: string): string =>
  owner.kind === 'user' ? `tenant:${owner.claims.tenant_id}` : `ip:${address}`;
