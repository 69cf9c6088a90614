import { Injectable } from '@nestjs/common';
import type { AuditLogDto, AuditLogListDto, AuditLogQueryDto, AuditVerificationDto } from '@gpubroker/contracts/auth';
import { Database } from '@gpubroker/persistence/database';
import { ApiError } from '@gpubroker/platform/errors';
import type { EntityManager } from 'typeorm';
import { AuditTrail } from '../audit/audit-trail';
import { verifyChain, type Verification } from '../audit/audit-verification';
import { BREAK_REASONS } from '../audit/chain-verifier';
import type { Actor } from './actor.decorator';
import { entriesAbout } from './admin-entry';
import { conditions, contains, countRows, limit, orderBy, type Filter } from './admin-list';

const entry = entriesAbout('audit_log');

const FROM = `FROM public.audit_logs l JOIN public.users u ON u.id = l.user_id
              LEFT JOIN auth.audit_chain c ON c.audit_id = l.id`;

type Row = Omit<AuditLogDto, 'created_at'> & { readonly created_at: Date };

/** The audit log as an administrator reads it: an access that is itself audited. */
@Injectable()
export class AuditLogsService {
  private verifying: Promise<AuditVerificationDto> | null = null;

  constructor(
    private readonly database: Database,
    private readonly trail: AuditTrail,
  ) {}

  list(query: AuditLogQueryDto, actor: Actor): Promise<AuditLogListDto> {
    const asked = conditions(filtersOf(query));
    const order = orderBy(query.sort ?? '-created_at', { created_at: 'l.created_at' }, 'c.seq DESC');
    return this.database.inTransaction(async (manager) => {
      const items = await this.read(manager, `${asked.where} ${order} ${limit(query)}`, asked.values);
      const total = await countRows(manager, FROM, asked);
      await this.trail.record(manager, entry(actor, 'audit_logs.listed', null, { query: { ...query } }));
      return { items, total };
    });
  }

  /** @throws ApiError NOT_FOUND */
  get(id: string, actor: Actor): Promise<AuditLogDto> {
    return this.database.inTransaction(async (manager) => {
      const [found] = await this.read(manager, 'WHERE l.id = $1', [id]);
      if (!found) throw new ApiError('NOT_FOUND', 'There is no such entry');
      await this.trail.record(manager, entry(actor, 'audit_log.read', id));
      return found;
    });
  }

  /** One at a time, whoever asks meanwhile gets the same answer: the chain may be long. */
  async verify(actor: Actor): Promise<AuditVerificationDto> {
    this.verifying ??= this.verifyNow().finally(() => (this.verifying = null));
    const found = await this.verifying;
    await this.database.inTransaction((manager) =>
      this.trail.record(
        manager,
        entry(actor, 'audit_logs.verified', null, { valid: found.valid, checked: found.checked }),
      ),
    );
    return found;
  }

  private async verifyNow(): Promise<AuditVerificationDto> {
    return this.database.inTransaction(async (manager) => {
      await manager.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
      return toDto(await verifyChain((text, values) => manager.query(text, values)));
    });
  }

  private async read(manager: EntityManager, rest: string, values: readonly unknown[]): Promise<AuditLogDto[]> {
    const rows = await manager.query<Row[]>(
      `SELECT l.id, c.seq::float8 AS seq, l.action, l.resource_type, l.resource_id, l.details, l.ip_address, l.user_id,
              u.email AS user_email, l.tenant_id, coalesce(c.legacy, false) AS legacy, l.previous_hash, l.current_hash,
              l.created_at ${FROM} ${rest}`,
      [...values],
    );
    return rows.map((row) => ({ ...row, created_at: row.created_at.toISOString() }));
  }
}

const filtersOf = (query: AuditLogQueryDto): Filter[] => [
  [contains(['l.action', 'l.resource_type', "coalesce(l.resource_id, '')", 'u.email']), query.q],
  ['l.action = ?', query.action],
  ['l.resource_type = ?', query.resource_type],
  ['l.resource_id = ?', query.resource_id],
  ['l.user_id = ?', query.user_id],
  ['l.tenant_id = ?', query.tenant_id],
  ['l.created_at >= ?', query.from],
  ['l.created_at < ?', query.to],
];

function toDto({ checked, legacy, head, firstBreak }: Verification): AuditVerificationDto {
  return {
    valid: firstBreak === null,
    checked,
    legacy,
    head,
    first_broken: firstBreak && {
      seq: firstBreak.seq,
      audit_id: firstBreak.auditId,
      reason: firstBreak.reason,
      explanation: BREAK_REASONS[firstBreak.reason],
    },
  };
}
