/**
 * The limit that ingest is measured against: the same rows, by COPY and INSERT … ON CONFLICT in one transaction, into a
 * table with the same columns, indexes, triggers and foreign key. No history, no events, nothing compared.
 */
const TWIN = 'public.gpu_offers_twin';
const FILE = `current_setting('data_directory') || '/bench-rows.copy'`;

/** @param {(text: string) => Promise<{ ms: number, rows: Record<string, unknown>[] }>} sql */
export async function makeTwin(sql) {
  await sql(`CREATE TABLE ${TWIN} (LIKE public.gpu_offers INCLUDING ALL)`);
  await sql(
    `ALTER TABLE ${TWIN} ADD FOREIGN KEY (provider_id) REFERENCES public.providers (id) DEFERRABLE INITIALLY DEFERRED`,
  );
  await sql(`CREATE TRIGGER version BEFORE UPDATE ON ${TWIN} FOR EACH ROW
    WHEN (NEW.catalogue_version IS NOT DISTINCT FROM OLD.catalogue_version) EXECUTE FUNCTION providers.stamp_version()`);
}

/** Takes the rows as they stand in gpu_offers now. @returns ms that SQL alone needs for them */
export async function writeTwin(sql) {
  const [{ file }] = (await sql(`SELECT ${FILE} AS file`)).rows;
  const columns = (
    await sql(`SELECT column_name AS name FROM information_schema.columns
      WHERE table_schema = 'public' AND table_name = 'gpu_offers' ORDER BY ordinal_position`)
  ).rows.map(({ name }) => name);
  const names = columns.join(', ');
  await sql(`COPY (SELECT ${names} FROM public.gpu_offers) TO '${file}'`);
  const updates = columns
    .filter((name) => !['id', 'provider_id', 'external_id', 'created_at'].includes(name))
    .map((name) => `${name} = EXCLUDED.${name}`)
    .join(', ');
  const { ms } = await sql(`BEGIN;
    CREATE TEMPORARY TABLE incoming (LIKE public.gpu_offers) ON COMMIT DROP;
    COPY incoming (${names}) FROM '${file}';
    INSERT INTO ${TWIN} (${names}) SELECT ${names} FROM incoming
    ON CONFLICT (provider_id, external_id) DO UPDATE SET ${updates};
    COMMIT`);
  return ms;
}
