import { CreateAccounts1763700100001 } from './1763700100001-create-accounts';
import { CreateSessions1763700100002 } from './1763700100002-create-sessions';
import { CreateSecondFactors1763700100010 } from './1763700100010-create-second-factors';
import { CreateInvitations1763700100011 } from './1763700100011-create-invitations';
import { CreateAuditChain1763700100020 } from './1763700100020-create-audit-chain';
import { CreateEventTables1763700100021 } from './1763700100021-create-event-tables';
import { CreateTenantDeactivations1763700100022 } from './1763700100022-create-tenant-deactivations';
import { CreateKnownPlaces1763700100023 } from './1763700100023-create-known-places';

/** In the order they run. */
export const authMigrations = [
  CreateAccounts1763700100001,
  CreateSessions1763700100002,
  CreateSecondFactors1763700100010,
  CreateInvitations1763700100011,
  CreateAuditChain1763700100020,
  CreateEventTables1763700100021,
  CreateTenantDeactivations1763700100022,
  CreateKnownPlaces1763700100023,
];
