import { Inject, Injectable } from '@nestjs/common';
import { AccessChangeFeed, TOKEN_TRUST, type TokenTrust } from '@gpubroker/platform/auth';
import { TenantTermsBook } from '@gpubroker/platform/limits';
import { ClientRegistry } from './client-registry';

/** Hears of sessions that end, of users and tenants that change, and ends the sockets that this concerns (SPEC S6). */
@Injectable()
export class AccessWatch {
  constructor(
    feed: AccessChangeFeed,
    terms: TenantTermsBook,
    clients: ClientRegistry,
    @Inject(TOKEN_TRUST) { revocations }: TokenTrust,
  ) {
    feed.listen((change) => {
      terms.note(change);
      clients.expelRevoked((claims) => revocations?.isRevoked(claims) ?? false);
    });
  }
}
