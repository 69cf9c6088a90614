import { inboxMigrationSql } from '@gpubroker/events/inbox';
import { outboxMigrationSql } from '@gpubroker/events/outbox';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const outbox = outboxMigrationSql('auth');
const inbox = inboxMigrationSql('auth');

/** Events that leave with the change they tell of, and which ones of others were handled. */
export class CreateEventTables1763700100021 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...outbox.up, ...inbox.up]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of [...inbox.down, ...outbox.down]) await runner.query(statement);
  }
}
