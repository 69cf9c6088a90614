/**
 * For `npm run bench -- sockets`: an embedded PostgreSQL as a first start makes it, and a writer that changes one price after
 * the other in it the way providers records them: row, history and both events in one transaction.
 */
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { offers, priceUpdates } from '@gpubroker/contracts/events';
import { eventTimeSql, insertIntoOutboxSelect } from '@gpubroker/events/outbox';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@gpubroker/persistence/embedded';
import { Pool } from 'pg';

type Command =
  | { readonly kind: 'prepare'; readonly offers: number }
  | { readonly kind: 'start'; readonly perSecond: number }
  | { readonly kind: 'stop' }
  | { readonly kind: 'end' };

const DATABASE = 'gpubroker';
const PROVIDER = randomUUID();

const INSERT_OFFERS = `
  INSERT INTO public.gpu_offers (id, external_id, provider_id, gpu_type, gpu_family, gpu_count, gpu_memory_gb, cpu_cores, ram_gb, storage_gb,
    price_per_hour, price_per_node_hour, currency, pricing, region, macro_region, availability_status, compliance_tags, source,
    last_seen_at, created_at, updated_at)
  SELECT gen_random_uuid(), 'bench-' || n, $1, 'H100-SXM', 'H100', 1, 80, 16, 128, 500, 2, 2, 'USD', 'on_demand', 'us-east-1', 'us',
    'available', '{}', 'live', now(), now(), now()
  FROM generate_series(1, $2::int) AS n RETURNING id`;

const CHANGE_PRICE = `
  WITH before AS (SELECT id AS known_id, price_per_hour AS old_price FROM public.gpu_offers WHERE id = $1 FOR UPDATE),
  changed AS (
    UPDATE public.gpu_offers SET price_per_hour = $2, price_per_node_hour = $2, price_changed_at = clock_timestamp(),
      last_seen_at = clock_timestamp(), updated_at = clock_timestamp(), catalogue_version = $3::bigint
    FROM before WHERE id = known_id RETURNING gpu_offers.*, old_price),
  history AS (
    INSERT INTO public.price_history (offer_id, price_per_hour, availability_status, recorded_at)
    SELECT id, price_per_hour, availability_status, clock_timestamp() FROM changed),
  prices AS (${insertIntoOutboxSelect({
    schema: 'providers',
    contract: priceUpdates,
    select: `SELECT event_id, id::text AS key, jsonb_build_object('event_id', event_id, 'offer_id', id, 'provider', 'bench',
      'gpu_type', gpu_type, 'region', region, 'old_price', old_price, 'new_price', price_per_hour, 'currency', currency,
      'availability_status', availability_status, 'timestamp', ${eventTimeSql()}) AS payload
      FROM (SELECT gen_random_uuid() AS event_id, changed.* FROM changed) AS moving`,
  })})
  ${insertIntoOutboxSelect({
    schema: 'providers',
    contract: offers,
    select: `SELECT gen_random_uuid() AS event_id, id::text AS key, jsonb_build_object('offer_id', id, 'provider', 'bench',
      'external_id', external_id, 'gpu_type', gpu_type, 'gpu_family', gpu_family, 'gpu_count', gpu_count, 'gpu_memory_gb', gpu_memory_gb,
      'cpu_cores', cpu_cores, 'ram_gb', ram_gb, 'storage_gb', storage_gb, 'price_per_hour', price_per_hour,
      'price_per_node_hour', price_per_node_hour, 'currency', currency, 'pricing', pricing, 'region', region, 'macro_region', macro_region,
      'availability_status', availability_status, 'compliance_tags', to_jsonb(compliance_tags), 'source', source, 'listed', true,
      'observed_at', ${eventTimeSql()}, 'last_seen_at', ${eventTimeSql('last_seen_at')},
      'price_changed_at', ${eventTimeSql('price_changed_at')}) AS payload FROM changed`,
  })}`;

class PriceWriter {
  private ids: readonly string[] = [];
  private stopping = new AbortController();
  private writing: Promise<void> = Promise.resolve();
  private written = 0;
  /** Of each COMMIT, in ms: what the disk alone costs. */
  private commits: number[] = [];

  private constructor(
    private readonly server: EmbeddedPostgres,
    private readonly folder: string,
    private readonly pool: Pool,
  ) {}

  static async open(): Promise<PriceWriter> {
    const folder = mkdtempSync(join(tmpdir(), 'gpubroker-bench-'));
    chmodSync(folder, 0o755);
    const server = await startEmbeddedPostgres({ dataDirectory: join(folder, 'data') });
    await server.createDatabase(DATABASE);
    const pool = new Pool({ connectionString: server.url(DATABASE), max: 2 });
    // Stopping the server ends idle connections before the pool has let go of them.
    pool.on('error', () => undefined);
    return new PriceWriter(server, folder, pool);
  }

  get url(): string {
    return this.server.url(DATABASE);
  }

  async obey(command: Command): Promise<unknown> {
    switch (command.kind) {
      case 'prepare':
        return this.prepare(command.offers);
      case 'start':
        this.stopping = new AbortController();
        this.written = 0;
        this.commits = [];
        this.writing = this.write(command.perSecond, this.stopping.signal);
        return null;
      case 'stop':
        this.stopping.abort();
        await this.writing;
        return { written: this.written, commitMs: median(this.commits) };
      case 'end':
        return this.end();
    }
  }

  private async prepare(count: number): Promise<number> {
    await this.pool.query(
      `INSERT INTO public.providers (id, name, display_name, api_base_url, status, reliability_score, error_count, created_at, last_sync_at)
       VALUES ($1, 'bench', 'Bench', '', 'inactive', 1, 0, now(), now())`,
      [PROVIDER],
    );
    const { rows } = await this.pool.query<{ id: string }>(INSERT_OFFERS, [PROVIDER, count]);
    this.ids = rows.map(({ id }) => id);
    return rows.length;
  }

  /** Evenly; what a slow commit holds up is written right after it, so that the rate is kept. */
  private async write(perSecond: number, signal: AbortSignal): Promise<void> {
    const began = performance.now();
    while (!signal.aborted) {
      await this.change(this.ids[this.written % this.ids.length] ?? '', 1 + (this.written % 5_000) / 1_000);
      this.written += 1;
      await sleep(Math.max(0, began + (this.written * 1_000) / perSecond - performance.now()));
    }
  }

  private async change(id: string, price: number): Promise<void> {
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      const head = await client.query<{ version: string }>(
        'UPDATE providers.catalogue_head SET version = version + 1 RETURNING version',
      );
      await client.query(CHANGE_PRICE, [id, price.toFixed(4), head.rows[0]?.version]);
      await client.query('NOTIFY catalogue');
      const began = performance.now();
      await client.query('COMMIT');
      this.commits.push(performance.now() - began);
    } finally {
      client.release();
    }
  }

  private async end(): Promise<void> {
    await this.pool.end();
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

async function main(): Promise<void> {
  const writer = await PriceWriter.open();
  process.on('message', (command: Command) => {
    writer.obey(command).then(
      (result) => {
        process.send?.({ result });
        if (command.kind === 'end') process.disconnect();
      },
      (error: unknown) => process.send?.({ error: String(error) }),
    );
  });
  process.on('disconnect', () => void writer.obey({ kind: 'end' }).catch(() => undefined));
  process.send?.({ result: { url: writer.url } });
}

void main();
