import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the trend needs of hundreds of thousands of price points: the newest of each offer, and for each UTC day that has ended
 * the prices that stood then, by currency. A trigger keeps them, so that also a release that does not know them does while
 * both run: a point changes the newest price of its offer, and takes back every day that it may have been part of.
 */
const UP = [
  `CREATE TABLE kpi.last_prices (
     offer_id text PRIMARY KEY,
     at timestamptz NOT NULL,
     event_id uuid NOT NULL,
     price_per_hour numeric NOT NULL,
     currency text NOT NULL,
     availability_status text NOT NULL
   ) WITH (fillfactor = 80)`,
  'CREATE TABLE kpi.day_prices (day date PRIMARY KEY, by_currency jsonb NOT NULL)',
  // Whoever adds points holds the lock shared, whoever sums up a day alone: a day is never summed up without a point of it
  // that is about to be committed.
  `CREATE FUNCTION kpi.keep_day_prices() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     PERFORM pg_advisory_xact_lock_shared(hashtextextended('kpi:day-prices', 0));
     INSERT INTO kpi.last_prices AS kept (offer_id, at, event_id, price_per_hour, currency, availability_status)
     SELECT DISTINCT ON (offer_id) offer_id, at, event_id, price_per_hour, currency, availability_status
     FROM added ORDER BY offer_id, at DESC, event_id DESC
     ON CONFLICT (offer_id) DO UPDATE SET at = EXCLUDED.at, event_id = EXCLUDED.event_id,
       price_per_hour = EXCLUDED.price_per_hour, currency = EXCLUDED.currency,
       availability_status = EXCLUDED.availability_status
     WHERE (kept.at, kept.event_id) < (EXCLUDED.at, EXCLUDED.event_id);
     DELETE FROM kpi.day_prices WHERE day >= (SELECT min(at) AT TIME ZONE 'UTC' FROM added)::date;
     RETURN NULL;
   END $$`,
  `CREATE TRIGGER keep_day_prices AFTER INSERT ON kpi.price_points REFERENCING NEW TABLE AS added
   FOR EACH STATEMENT EXECUTE FUNCTION kpi.keep_day_prices()`,
  `INSERT INTO kpi.last_prices (offer_id, at, event_id, price_per_hour, currency, availability_status)
   SELECT DISTINCT ON (offer_id) offer_id, at, event_id, price_per_hour, currency, availability_status
   FROM kpi.price_points ORDER BY offer_id, at DESC, event_id DESC`,
];

export class CreateDayPrices1763740000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER keep_day_prices ON kpi.price_points');
    await runner.query('DROP FUNCTION kpi.keep_day_prices()');
    await runner.query('DROP TABLE kpi.day_prices');
    await runner.query('DROP TABLE kpi.last_prices');
  }
}
