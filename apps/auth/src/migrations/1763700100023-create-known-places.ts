import type { MigrationInterface, QueryRunner } from 'typeorm';

/** From where people have signed in: their own mistakes are counted there, apart from everybody else's guesses. */
export class CreateKnownPlaces1763700100023 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE IF NOT EXISTS auth.known_places (
        place_hash bytea PRIMARY KEY,
        seen_at timestamp with time zone NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE IF EXISTS auth.known_places');
  }
}
