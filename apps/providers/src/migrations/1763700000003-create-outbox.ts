import { outboxMigrationSql } from '@gpubroker/events/outbox';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const OUTBOX = outboxMigrationSql('providers');

/** Where price changes wait for the relay, written in the transaction that makes them true (SPEC P5). */
export class CreateOutbox1763700000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of OUTBOX.up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of OUTBOX.down) await runner.query(statement);
  }
}
