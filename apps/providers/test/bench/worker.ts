/**
 * The service as it is deployed, over a PostgreSQL of its own, told by its parent what to do: tools/bench measures it from
 * outside. No cloud is asked; batches come from `madeBatch` and take the road of every sync from there on.
 */
import '@gpubroker/platform/tracing';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OutboxRelay } from '@gpubroker/events/relay';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@gpubroker/persistence/embedded';
import { startService, type RunningService } from '@gpubroker/platform/service';
import { Client } from 'pg';
import { CatalogueFollower } from '../../src/catalog/catalogue-follower';
import { CatalogueIndex } from '../../src/catalog/catalogue-index';
import { SyncService } from '../../src/ingestion/sync.service';
import { providersService } from '../../src/index';
import { SyncLeases } from '../../src/recording/sync-lease';
import { LoopProbe } from './loop-probe';
import { madeBatch } from './made-offers';

type Command =
  | { readonly kind: 'ingest'; readonly provider: string; readonly count: number; readonly round: number }
  | { readonly kind: 'relay'; readonly running: boolean }
  | { readonly kind: 'loop' }
  | { readonly kind: 'sql'; readonly text: string }
  | { readonly kind: 'memory' };

const NO_CLOUD = 'http://127.0.0.1:9';

/** Nobody answers there: whatever else runs on the machine is not read by accident. */
const NO_CLOUDS = {
  CLOUD_EMULATOR_URL: NO_CLOUD,
  ...Object.fromEntries(
    Object.keys(providersService.env.shape)
      .filter((name) => name.endsWith('_BASE_URL'))
      .map((name) => [name, NO_CLOUD]),
  ),
};

class BenchWorker {
  private readonly probe = new LoopProbe();

  constructor(
    private readonly service: RunningService,
    private readonly client: Client,
  ) {}

  async answer(command: Command): Promise<unknown> {
    switch (command.kind) {
      case 'ingest':
        return this.ingest(command.provider, command.count, command.round);
      case 'relay':
        return this.setRelay(command.running);
      case 'loop':
        return this.loop();
      case 'sql':
        return this.sql(command.text);
      case 'memory':
        global.gc?.();
        return process.memoryUsage();
    }
  }

  /** ms until everything was committed, and until lists showed it. */
  private async ingest(provider: string, count: number, round: number): Promise<unknown> {
    const batch = madeBatch(provider, count, round);
    const lease = await this.service.app.get(SyncLeases).take(provider);
    if (!lease) throw new Error(`no lease on ${provider}`);
    const seed = { slug: provider, displayName: provider, apiBaseUrl: NO_CLOUD };
    this.probe.reset();
    const began = performance.now();
    const pulled = { source: 'live', startedAt: new Date(), latencyMs: 1, batch } as const;
    const { changed } = await this.service.app.get(SyncService).record(seed, pulled, lease);
    const committedMs = performance.now() - began;
    await this.service.app.get(CatalogueFollower).refresh();
    const visibleMs = performance.now() - began;
    const loop = this.probe.longest();
    await lease.release(0);
    return { committedMs, visibleMs, changed, loop };
  }

  private async setRelay(running: boolean): Promise<null> {
    const relay = this.service.app.get(OutboxRelay);
    if (running) relay.start();
    else await relay.stop();
    return null;
  }

  private loop(): unknown {
    const loop = this.probe.longest();
    this.probe.reset();
    return loop;
  }

  private async sql(text: string): Promise<unknown> {
    const began = performance.now();
    const answer: unknown = await this.client.query(text);
    return { ms: performance.now() - began, rows: (answer as { rows?: unknown[] }).rows ?? [] };
  }
}

async function start(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gpubroker-bench-'));
  chmodSync(folder, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDirectory: join(folder, 'data') });
  const url = postgres.url('postgres');
  const service = await startService(providersService, environment(url));
  while (!service.app.get(CatalogueIndex).isLoaded) await new Promise((resolve) => setTimeout(resolve, 20));
  const client = new Client({ connectionString: url });
  await client.connect();
  const worker = new BenchWorker(service, client);
  const stop = async (): Promise<void> => {
    await client.end();
    await service.stop();
    await discard(postgres, folder);
    process.exit(0);
  };
  process.on('message', (command: Command) => {
    worker.answer(command).then(
      (result) => process.send?.({ result }),
      (error: unknown) => process.send?.({ error: error instanceof Error ? error.stack : String(error) }),
    );
  });
  process.on('disconnect', () => void stop());
  process.send?.({ result: { url: service.url, databaseUrl: url, noClouds: NO_CLOUDS } });
}

function environment(databaseUrl: string): Record<string, string | undefined> {
  return {
    LOG_LEVEL: 'error',
    DATABASE_URL: databaseUrl,
    SYNC_INTERVAL_SECONDS: '86400',
    ...NO_CLOUDS,
    ...process.env,
    PROVIDERS_PORT: '0',
  };
}

async function discard(postgres: EmbeddedPostgres, folder: string): Promise<void> {
  await postgres.stop();
  for (const path of [postgres.dataDirectory, folder]) rmSync(path, { recursive: true, force: true });
}

start().catch((error: unknown) => {
  process.send?.({ error: error instanceof Error ? error.stack : String(error) });
  process.exit(1);
});
